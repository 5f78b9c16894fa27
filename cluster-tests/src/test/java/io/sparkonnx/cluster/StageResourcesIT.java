package io.sparkonnx.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.gpu.spark.OnnxGpuPlugin;
import io.sparkonnx.gpu.spark.TestExecutorDevices;
import io.sparkonnx.spark.OnnxConf;
import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.TestModel;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@value OnnxConf#GPU_PER_TASK} on a cluster whose executor has two GPU addresses. */
@ExtendWith(SparkSessionExtension.class)
class StageResourcesIT {
  @TempDir static Path folder;

  private static StandaloneCluster cluster;
  private static String printed;

  @BeforeAll
  static void runSession() throws Exception {
    TestExecutorDevices.require();
    String rows = folder.resolve("rows").toString();
    SparkSessionExtension.session()
        .range(0, 10_000, 1, 2)
        .selectExpr("id", "float(id) a", "float(id % 7) b")
        .write()
        .parquet(rows);
    String model =
        new TestModel()
            .input("a", ElementType.FLOAT, "N")
            .input("b", ElementType.FLOAT, "N")
            .node("Mul", List.of("a", "b"), List.of("p"))
            .node("Sqrt", List.of("p"), List.of("y"))
            .output("y", ElementType.FLOAT, "N")
            .write(folder, "model.onnx");
    cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("home")));
    cluster.startWorkerWithTwoDevices("worker");
    String jar = System.getProperty("sparkonnx.jar");
    String tests =
        Path.of(StageResourcesIT.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
    Map<String, String> settings =
        Map.of(
            "spark.plugins",
            OnnxGpuPlugin.class.getName(),
            "spark.executor.memory",
            "1g",
            "spark.executor.resource.gpu.amount",
            "2",
            OnnxConf.GPU_PER_TASK,
            "1");
    printed =
        DriverProcess.start(
                folder.resolve("driver.log"),
                cluster.driverClassPath(jar) + File.pathSeparator + tests,
                settings,
                StageResourcesSession.class,
                List.of(cluster.master(), jar, model, rows))
            .await();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static List<String> stages(String device) {
    String prefix = StageResourcesSession.STAGE + device + " ";
    return printed
        .lines()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .toList();
  }

  @Test
  void rowsGetTheBitsThatTheCpuGives() {
    assertThat(printed).contains(StageResourcesSession.SAME_RESULTS + "true 5");
  }

  @Test
  void theStageWithTheModelAsksForAGpuOfEachTask() {
    assertThat(stages("gpu"))
        .filteredOn(stage -> stage.startsWith("scores=true"))
        .isNotEmpty()
        .containsOnly("scores=true profile=TaskResourceProfile gpus=1.0");
  }

  @Test
  void otherStagesAskForNone() {
    assertThat(stages("gpu"))
        .filteredOn(stage -> stage.startsWith("scores=false"))
        .hasSizeGreaterThan(1)
        .containsOnly("scores=false profile=ResourceProfile gpus=0.0");
  }

  @Test
  void aQueryOnTheCpuAsksForNone() {
    assertThat(stages("cpu")).isNotEmpty().allMatch(stage -> stage.endsWith("gpus=0.0"));
  }

  @Test
  void theExecutorUsesTheDevicesThatItsAddressesMean() throws Exception {
    assertThat(cluster.executorLogs("worker"))
        .containsPattern("Executor 0: .* bytes\\), .* bytes\\), Spark's GPU addresses \\[0, 1\\]");
  }
}
