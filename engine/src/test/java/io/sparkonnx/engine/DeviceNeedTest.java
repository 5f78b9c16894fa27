package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.engine.device.TestDevice;
import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session says that it takes of a device, against what the device counts. */
class DeviceNeedTest {
  private static final long WIDE = 64 << 20;

  private Device device;

  @BeforeEach
  void open() {
    device = TestDevice.open();
  }

  @AfterEach
  void close() {
    if (device != null) {
      device.close();
    }
  }

  private Model load(String network, long blockBytes) {
    return DeviceRuns.load(network, new DeviceTarget(device, blockBytes));
  }

  @ParameterizedTest
  @CsvSource({
    "mlp, 1, 100000",
    "mlp, 37, 100000",
    "mlp, 1000, 100000",
    "mlp, 1000, 67108864",
    "convolution, 1, 100000",
    "convolution, 70, 100000",
    "convolution, 70, 67108864",
    "digits, 1, 300000",
    "digits, 100, 300000",
    "digits, 100, 67108864",
    "transformer, 5, 300000",
    "transformer, 70, 300000"
  })
  void aRunTakesWhatWasSaidAndNotMuchLess(String network, int rows, long blockBytes) {
    try (Model model = load(network, blockBytes);
        Session session = model.newSession()) {
      DeviceNeed need = session.deviceNeed(rows);
      assertThat(session.deviceNeed(DeviceRuns.input(network, rows))).isEqualTo(need);
      session.run(DeviceRuns.input(network, rows));
      session.releaseDevice();
      assertThat(device.bytes()).isEqualTo(need.weightBytes());
      long used = device.peakBytes() - need.weightBytes();
      assertThat(need.blockBytes()).isBetween(used, used * 3 / 2);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 100000", "37, 20000", "1000, 20000", "1000, 67108864"})
  void truthValuesAndIntegersAreCountedToo(int rows, long blockBytes) {
    byte[] bytes =
        ModelBuilder.opset(17)
            .input("x", ElementType.FLOAT, "n", 24)
            .initializer("c", Tensor.of(new float[24], 24))
            .node("Less", List.of("x", "c"), List.of("t"))
            .node("Not", List.of("t"), List.of("u"))
            .node("Cast", List.of("u"), List.of("l"), "to", 7L)
            .node("Add", List.of("l", "l"), List.of("y"))
            .output("y", ElementType.INT64, "n", 24)
            .bytes();
    DeviceTarget target = new DeviceTarget(device, blockBytes);
    try (Model model = Model.load(bytes, LoadOptions.DEFAULT.withDevice(target));
        Session session = model.newSession()) {
      DeviceNeed need = session.deviceNeed(rows);
      session.run(Map.of("x", Tensor.of(new float[rows * 24], rows, 24)));
      assertThat(session.deviceUse().deviceSteps()).isPositive();
      assertThat(session.deviceUse().cpuSteps()).isZero();
      session.releaseDevice();
      assertThat(device.bytes()).isEqualTo(need.weightBytes());
      long used = device.peakBytes() - need.weightBytes();
      assertThat(need.blockBytes()).isBetween(used, used * 3 / 2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "digits"})
  void aBlockKeepsWithinItsBytes(String network) {
    try (Model model = load(network, 1 << 20);
        Session session = model.newSession()) {
      assertThat(session.deviceNeed(100_000).blockBytes()).isBetween(1L << 19, 1L << 20);
    }
  }

  @Test
  void aReleasedSessionHoldsItsWeightsAloneAndRunsAgain() {
    try (Model model = load("convolution", WIDE);
        Session session = model.newSession()) {
      session.releaseDevice();
      float[] first = DeviceRuns.floats(session.run(DeviceRuns.input("convolution", 9)));
      session.releaseDevice();
      assertThat(device.bytes()).isEqualTo(session.deviceNeed(9).weightBytes());
      float[] second = DeviceRuns.floats(session.run(DeviceRuns.input("convolution", 9)));
      assertThat(second).containsExactly(first);
    }
  }

  @Test
  void aSecondFreeDimensionMustBeToldByTheInputs() {
    byte[] bytes =
        ModelBuilder.opset(17)
            .input("x", ElementType.FLOAT, "n", "steps")
            .output("y", ElementType.FLOAT, "n", "steps")
            .node("Softmax", List.of("x"), List.of("y"))
            .bytes();
    DeviceTarget target = new DeviceTarget(device, WIDE);
    try (Model model = Model.load(bytes, LoadOptions.DEFAULT.withDevice(target));
        Session session = model.newSession()) {
      assertThat(catchThrowableOfType(OnnxException.class, () -> session.deviceNeed(3)))
          .hasMessageContaining("steps");
      long few = session.deviceNeed(Map.of("x", Tensor.of(new float[60], 3, 20))).blockBytes();
      long more = session.deviceNeed(Map.of("x", Tensor.of(new float[120], 3, 40))).blockBytes();
      assertThat(more - few).isEqualTo(2 * 3 * 20 * Float.BYTES);
    }
  }

  @Test
  void withoutADeviceNothingIsNeeded() {
    try (Model model = DeviceRuns.load("mlp", null);
        Session session = model.newSession()) {
      assertThat(session.deviceNeed(100)).isEqualTo(DeviceNeed.NONE);
      session.releaseDevice();
    }
  }
}
