package io.sparkonnx.cluster;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.gpu.spark.OnnxGpuPlugin;
import io.sparkonnx.gpu.spark.TestExecutorDevices;
import io.sparkonnx.spark.OnnxModel;
import io.sparkonnx.spark.OnnxOptions;
import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.TestModel;
import io.sparkonnx.spark.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The command score on a cluster whose executor is killed while its tasks hold leases. */
@ExtendWith(SparkSessionExtension.class)
class DeviceExecutorLossIT {
  private static final int ROWS = 8192;
  private static final int WIDTH = 256;
  private static final int LAYERS = 24;

  /** The method of a task that holds a lease. */
  private static final String LEASED = "io.sparkonnx.spark.exec.DeviceModel.leased";

  @TempDir static Path folder;

  private static StandaloneCluster cluster;
  private static String rows;
  private static String model;
  private static String log;

  private final SparkSession spark = SparkSessionExtension.session();

  @BeforeAll
  static void loseAnExecutor() throws Exception {
    TestExecutorDevices.require();
    rows = folder.resolve("rows").toString();
    SparkSessionExtension.session()
        .range(0, ROWS, 1, 4)
        .selectExpr("id", "transform(sequence(1, 256), i -> float(sin(id * i))) x")
        .write()
        .parquet(rows);
    model = layers();
    cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("home")));
    cluster.startWorker("worker", Map.of(), Map.of());
    try (DriverProcess driver = score()) {
      awaitLease(driver).destroyForcibly();
      driver.await();
    }
    log = cluster.executorLogs("worker");
  }

  /** A model that computes for a while. */
  private static String layers() {
    Random random = new Random(1);
    float[] weights = new float[WIDTH * WIDTH];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (random.nextGaussian() / Math.sqrt(WIDTH));
    }
    TestModel layers =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", WIDTH)
            .floats("w", weights, WIDTH, WIDTH);
    String value = "x";
    for (int layer = 0; layer < LAYERS; layer++) {
      layers.node("MatMul", List.of(value, "w"), List.of("h" + layer));
      layers.node("Tanh", List.of("h" + layer), List.of("t" + layer));
      value = "t" + layer;
    }
    return layers
        .node("ReduceMax", List.of(value), List.of("y"), "axes", List.of(1), "keepdims", 0)
        .output("y", ElementType.FLOAT, "N")
        .write(folder, "layers.onnx");
  }

  private static DriverProcess score() throws IOException {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("score", "--master", cluster.master(), "--device", "gpu"));
    args.addAll(List.of("--batch-size", "1024", "--model", model, "--input", rows));
    args.addAll(List.of("--inputs", "x=x", "--output", folder.resolve("scores").toString()));
    Map<String, String> settings =
        Map.of(
            "spark.plugins", OnnxGpuPlugin.class.getName(),
            "spark.executor.memory", "1g",
            "spark.sql.files.minPartitionNum", "4");
    String classPath = cluster.driverClassPath(System.getProperty("sparkonnx.jar"));
    return DriverProcess.start(folder.resolve("driver.log"), classPath, settings, Main.class, args);
  }

  /** The executor, as soon as one of its tasks holds a lease. */
  private static ProcessHandle awaitLease(DriverProcess driver) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (System.nanoTime() < end && driver.isAlive()) {
      for (ProcessHandle executor : cluster.executors("worker")) {
        if (Jcmd.threads(executor).contains(LEASED)) {
          return executor;
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError("no lease was seen: " + driver.await());
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void everyRowIsThereOnceWithTheBitsThatTheCpuGives() {
    Dataset<Row> expected =
        spark
            .read()
            .parquet(rows)
            .withColumn(
                "prediction",
                onnxPredict(OnnxModel.load(model), OnnxOptions.NONE.device("cpu"), col("x")));
    Dataset<Row> scores = spark.read().parquet(folder.resolve("scores").toString()).drop("run_id");
    assertThat(scores.orderBy("id").collectAsList())
        .hasSize(ROWS)
        .isEqualTo(expected.orderBy("id").collectAsList());
  }

  @Test
  void anotherExecutorTakesTheDevice() {
    assertThat(log)
        .containsPattern("Executor 0: .* bytes\\)")
        .containsPattern("Executor 1: .* bytes\\)");
  }

  @Test
  void nothingOfTheJobIsLeftBesideItsOutput() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(
              files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith(".")))
          .isEmpty();
    }
  }
}
