package io.sparkonnx.spark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.gpu.spark.OnnxGpuPlugin;
import io.sparkonnx.gpu.spark.TestExecutorDevices;
import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.TestModel;
import io.sparkonnx.spark.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
    cluster.startWorker(
        "worker",
        Map.of("POCL_DEVICES", "pthread pthread"),
        Map.of(
            "spark.worker.resource.gpu.amount",
            "2",
            "spark.worker.resource.gpu.discoveryScript",
            addresses().toString()));
    log = scored("gpu", "there");
    scored("cpu", "here");
  }

  /** A discovery script with addresses as Spark's own scripts print them. */
  private static Path addresses() throws IOException {
    Path script = folder.resolve("addresses");
    Files.writeString(
        script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\"]}'\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String scored(String device, String output) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-cp");
    command.add(cluster.driverClassPath(System.getProperty("sparkonnx.jar")));
    command.add("-Dspark.plugins=" + OnnxGpuPlugin.class.getName());
    command.add("-Dspark.driver.host=127.0.0.1");
    command.add("-Dspark.executor.memory=1g");
    command.add("-Dspark.executor.resource.gpu.amount=2");
    command.add("-Dspark.task.resource.gpu.amount=1");
    command.add("-Dspark.sql.files.minPartitionNum=4");
    command.add(Main.class.getName());
    command.addAll(List.of("score", "--master", cluster.master(), "--device", device));
    command.addAll(List.of("--model", model, "--input", rows));
    command.addAll(List.of("--inputs", "a=a", "--inputs", "b=b"));
    command.addAll(List.of("--output", folder.resolve(output).toString()));
    Path said = folder.resolve(output + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    String text = Files.readString(said) + cluster.executorLogs("worker");
    assertThat(ended && process.waitFor() == 0).as(text).isTrue();
    return cluster.executorLogs("worker");
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
}
