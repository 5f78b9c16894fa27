package io.sparkonnx.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.Devices;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The programs of the GPU benchmark on the first device. */
class DeviceBenchmarkSmokeTest {
  private static final Path MODEL = Path.of("..", "demo", "models", "digits.onnx");
  private static final int PIXELS = 64;
  private static final double LIMIT_SECONDS = 60;

  private static Device device;

  @BeforeAll
  static void open() {
    String problem = Devices.find().problem();
    if (!Boolean.getBoolean("sparkonnx.opencl.required")) {
      Assumptions.assumeTrue(problem == null, () -> "no OpenCL device: " + problem);
    }
    device = Devices.open("");
  }

  @AfterAll
  static void close() {
    if (device != null) {
      device.close();
    }
  }

  private static double number(Map<String, Object> measures, String name) {
    return ((Number) measures.get(name)).doubleValue();
  }

  @Test
  void theDeviceIsNamedWithWhatItsPeakFollowsFrom() {
    Map<String, Object> facts = DeviceMain.facts(device.info());
    assertThat(facts).containsEntry("id", device.info().id());
    assertThat(facts).containsKeys("units", "MHz", "lanes");
  }

  @Test
  void theProductOfTheLargestSizeIsTimed() {
    Map<String, Object> gemm = GemmMain.measure(device, new int[] {16, 40}, LIMIT_SECONDS, 2);
    assertThat(gemm).containsEntry("size", 40);
    assertThat(number(gemm, "GFLOP/s")).isPositive();
  }

  @Test
  void aModelIsTimedOnTheDeviceAndOnTheCpu() {
    DeviceCase digits = new DeviceCase("digits", MODEL, 20, Map.of());
    Map<String, Object> measures = DeviceModelMain.measure(device, digits, 2, LIMIT_SECONDS, 2);
    assertThat(measures).containsEntry("rows", 20).containsEntry("threads", 2);
    assertThat(number(measures, "rows/s")).isPositive();
    assertThat(number(measures, "CPU rows/s")).isPositive();
    assertThat(number(measures, "FLOP/row")).isPositive();
  }

  @Test
  void stepsAndTransfersAreCounted() {
    DeviceCase digits = new DeviceCase("digits", MODEL, 20, Map.of());
    Map<String, Object> measures = DeviceModelMain.measure(device, digits, 1, LIMIT_SECONDS, 1);
    assertThat(number(measures, "device steps")).isPositive();
    assertThat(number(measures, "bus B/row")).isGreaterThan(Float.BYTES * PIXELS);
    assertThat(number(measures, "overlapped")).isBetween(0.0, 1.0);
  }
}
