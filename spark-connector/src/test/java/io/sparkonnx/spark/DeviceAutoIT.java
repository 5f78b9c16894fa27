package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.gpu.spark.TestExecutorDevices;
import io.sparkonnx.spark.cli.ChildJvm;
import io.sparkonnx.spark.cli.ChildJvm.Ended;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The device {@code auto}. */
class DeviceAutoIT {
  @TempDir static Path folder;

  private static String output;

  @BeforeAll
  static void runSession() throws Exception {
    TestExecutorDevices.require();
    float[] weights = new float[64];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.sin(i);
    }
    String model = TestModel.linear(0.5f, weights).write(folder, "linear.onnx");
    Ended ended = ChildJvm.run(DeviceAutoSession.class, List.of("-Xmx1g"), model);
    assertThat(ended.status()).as(ended.output()).isZero();
    output = ended.output();
  }

  @Test
  void beforeTheFirstExecutionItIsUndecided() {
    assertThat(output)
        .contains(
            DeviceAutoSession.BEFORE + "Device: undecided (auto: the first execution decides)");
  }

  @Test
  void withoutMeasurementsItIsTheCpu() {
    assertThat(output)
        .contains(DeviceAutoSession.FIRST + "Device: cpu (auto: nothing was measured yet)");
  }

  @Test
  void whatTheExecutorMeasuredDecidesAndIsShown() {
    assertThat(output)
        .containsPattern(
            DeviceAutoSession.SECOND
                + "Device: [cg]pu \\(auto: gpu [0-9,]+ rows/s \\([0-9.]+ µs transfer, [0-9.]+ µs"
                + " compute a row\\), cpu [0-9,]+ rows/s\\)");
  }

  /** The trial has to wait for the device. */
  @Test
  void theTimeOfTheTrialIsApartFromComputingAndLoading() {
    String line =
        output
            .lines()
            .filter(text -> text.startsWith(DeviceAutoSession.TIMES))
            .findFirst()
            .orElseThrow();
    String[] nanos = line.substring(DeviceAutoSession.TIMES.length()).split(" ");
    long trial = Long.parseLong(nanos[2]);
    assertThat(trial).isGreaterThan(DeviceAutoSession.HELD_NANOS);
    assertThat(Long.parseLong(nanos[0])).as("compute time").isPositive().isLessThan(trial);
    assertThat(Long.parseLong(nanos[1])).as("load time").isPositive().isLessThan(trial);
  }

  @Test
  void resultsAreTheSameWhileItIsMeasured() {
    assertThat(output)
        .contains(DeviceAutoSession.SAME_RESULTS + "true")
        .doesNotContain(DeviceAutoSession.SAME_RESULTS + "false");
  }
}
