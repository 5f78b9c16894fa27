package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.DeviceNeed;
import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.Session;
import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.engine.device.Devices;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.gpu.spark.TestExecutorDevices;
import io.sparkonnx.spark.cli.ChildJvm;
import io.sparkonnx.spark.cli.ChildJvm.Ended;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More tasks on a device than it has memory for. */
class DeviceTasksIT {
  private static final int BATCH = 500;

  /** How much longer than the mean a task may wait. */
  private static final double FAIR = 3;

  @TempDir static Path folder;

  private static String output;

  @BeforeAll
  static void runSession() throws Exception {
    TestExecutorDevices.require();
    String model = layers();
    DeviceNeed need = need(model);
    long bytes = need.weightBytes() + 2 * need.blockBytes() + need.blockBytes() / 2;
    Ended ended =
        ChildJvm.run(
            DeviceTasksSession.class,
            List.of("-Xmx2g"),
            model,
            Long.toString(bytes),
            Integer.toString(BATCH));
    assertThat(ended.status()).as(ended.output()).isZero();
    output = ended.output();
  }

  private static String layers() {
    Random random = new Random(5);
    float[] first = new float[64 * 256];
    float[] second = new float[256 * 8];
    for (int i = 0; i < first.length; i++) {
      first[i] = (float) random.nextGaussian() / 8;
    }
    for (int i = 0; i < second.length; i++) {
      second[i] = (float) random.nextGaussian() / 16;
    }
    return new TestModel()
        .input("x", ElementType.FLOAT, "N", 64)
        .floats("w", first, 64, 256)
        .floats("v", second, 256, 8)
        .node("MatMul", List.of("x", "w"), List.of("h"))
        .node("Tanh", List.of("h"), List.of("t"))
        .node("MatMul", List.of("t", "v"), List.of("y"))
        .output("y", ElementType.FLOAT, "N", 8)
        .write(folder, "layers.onnx");
  }

  private static DeviceNeed need(String model) {
    try (Device device = Devices.open("");
        Model loaded =
            Model.load(
                Path.of(URI.create(model)),
                LoadOptions.DEFAULT.withDevice(DeviceTarget.of(device)));
        Session session = loaded.newSession()) {
      return session.deviceNeed(BATCH);
    }
  }

  private static double[] figures(String name) {
    String line = output.lines().filter(text -> text.startsWith(name)).findFirst().orElseThrow();
    String[] words = line.substring(name.length()).split(" ");
    double[] figures = new double[words.length];
    for (int i = 0; i < words.length; i++) {
      figures[i] = Double.parseDouble(words[i]);
    }
    return figures;
  }

  @Test
  void allRowsGetTheBitsThatOneTaskGives() {
    assertThat(output).contains(DeviceTasksSession.SAME_RESULTS + "true 48000");
  }

  @Test
  void theDevicesBudgetIsNeverExceeded() {
    double[] peakAndBudget = figures(DeviceTasksSession.PEAK);
    assertThat(peakAndBudget[0]).isPositive().isLessThanOrEqualTo(peakAndBudget[1]);
  }

  @Test
  void nothingIsHeldInTheEnd() {
    assertThat(figures(DeviceTasksSession.LEFT)).containsExactly(0, 0);
  }

  @Test
  void tasksWaitAboutAsLong() {
    double[] waits = figures(DeviceTasksSession.WAITS);
    assertThat(waits[0]).as("tasks").isEqualTo(DeviceTasksSession.TASKS);
    assertThat(waits[1]).as("longest wait, mean " + waits[2]).isLessThanOrEqualTo(FAIR * waits[2]);
  }
}
