package io.sparkonnx.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.gpu.spark.OnnxGpuPlugin;
import io.sparkonnx.gpu.spark.TestExecutorDevices;
import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.TestModel;
import io.sparkonnx.spark.cli.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command score on a standalone cluster whose worker has two GPU addresses, which mean two
 * devices of PoCL.
 */
@ExtendWith(SparkSessionExtension.class)
class DeviceClusterIT {
  private static final int ROWS = 20_000;

  @TempDir static Path folder;

  private static StandaloneCluster cluster;
  private static String rows;
  private static String model;
  private static String printed;
  private static String log;

  private final SparkSession spark = SparkSessionExtension.session();

  @BeforeAll
  static void score() throws Exception {
    TestExecutorDevices.require();
    rows = folder.resolve("rows").toString();
    SparkSessionExtension.session()
        .range(0, ROWS, 1, 4)
        .selectExpr("id", "float(id) a", "float(id % 7) b")
        .write()
        .parquet(rows);
    model =
        new TestModel()
            .input("a", ElementType.FLOAT, "N")
            .input("b", ElementType.FLOAT, "N")
            .node("Mul", List.of("a", "b"), List.of("p"))
            .node("Tanh", List.of("p"), List.of("y"))
            .output("y", ElementType.FLOAT, "N")
            .write(folder, "model.onnx");
    cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("home")));
    cluster.startWorkerWithTwoDevices("worker");
    printed = scored("gpu", "there");
    log = cluster.executorLogs("worker");
    scored("cpu", "here");
  }

  private static String scored(String device, String output) throws Exception {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("score", "--master", cluster.master(), "--device", device));
    args.addAll(List.of("--model", model, "--input", rows));
    args.addAll(List.of("--inputs", "a=a", "--inputs", "b=b"));
    args.addAll(List.of("--output", folder.resolve(output).toString(), "--run-id", "a"));
    Map<String, String> settings =
        Map.of(
            "spark.plugins", OnnxGpuPlugin.class.getName(),
            "spark.executor.memory", "1g",
            "spark.executor.resource.gpu.amount", "2",
            "spark.task.resource.gpu.amount", "1",
            "spark.sql.files.minPartitionNum", "4");
    String classPath = cluster.driverClassPath(System.getProperty("sparkonnx.jar"));
    return DriverProcess.start(
            folder.resolve(output + ".log"), classPath, settings, Main.class, args)
        .await();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private List<Row> results(String output) {
    return spark.read().parquet(folder.resolve(output).toString()).orderBy("id").collectAsList();
  }

  @Test
  void rowsGetTheBitsThatTheCpuGives() {
    assertThat(results("there")).hasSize(ROWS).isEqualTo(results("here"));
  }

  @Test
  void theExecutorSaysWhichDevicesItsAddressesMean() {
    assertThat(log)
        .containsPattern("Executor 0: .* bytes\\), .* bytes\\), Spark's GPU addresses \\[0, 1\\]");
  }

  @Test
  void theSummaryNamesTheDevicesThatRan() {
    assertThat(printed).containsPattern("scored 20,000 rows in .* on (.+), \\1#2 into ");
  }
}
