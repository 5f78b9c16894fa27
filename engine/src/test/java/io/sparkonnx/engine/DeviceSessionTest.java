package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceException;
import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.engine.device.DeviceTimes;
import io.sparkonnx.engine.device.TestDevice;
import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole networks with their steps on a device. */
class DeviceSessionTest {
  private static final int ROWS = 100;

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

  private static Model load(String network, DeviceTarget target) {
    return DeviceRuns.load(network, target);
  }

  private static Map<String, Tensor> input(String network, int rows) {
    return DeviceRuns.input(network, rows);
  }

  private static float[] floats(Map<String, OnnxValue> outputs) {
    return DeviceRuns.floats(outputs);
  }

  private static float[] onCpu(String network) {
    return DeviceRuns.onCpu(network, ROWS);
  }

  private DeviceTarget wide() {
    return DeviceTarget.of(device);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "convolution", "digits", "transformer", "trees"})
  void aNetworkGivesTheCpusBits(String network) {
    try (Model model = load(network, wide());
        Session session = model.newSession()) {
      for (int run = 0; run < 2; run++) {
        assertThat(floats(session.run(input(network, ROWS)))).containsExactly(onCpu(network));
      }
    }
    assertThat(device.bytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "convolution", "digits", "transformer"})
  void blocksOfFewRowsGiveTheSameBits(String network) {
    try (Model model = load(network, new DeviceTarget(device, 100_000));
        Session session = model.newSession()) {
      assertThat(floats(session.run(input(network, ROWS)))).containsExactly(onCpu(network));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "digits"})
  void timesOfManyBlocksAreThoseOfTheDevice(String network) {
    try (Model model = load(network, new DeviceTarget(device, 200_000));
        Session session = model.newSession()) {
      long start = System.nanoTime();
      session.run(input(network, 20 * ROWS));
      long all = System.nanoTime() - start;
      DeviceTimes times = session.deviceUse().times();
      assertThat(session.deviceUse().uploads()).isGreaterThan(4);
      assertThat(times.kernelNanos()).isBetween(1L, all);
      assertThat(times.transferNanos()).isBetween(1L, all);
      assertThat(times.overlapNanos()).isBetween(0L, times.transferNanos());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "convolution", "digits"})
  void networksOfProductsAndConvolutionsCrossOnceEachWay(String network) {
    try (Model model = load(network, wide());
        Session session = model.newSession()) {
      session.run(input(network, ROWS));
      DeviceUse use = session.deviceUse();
      assertThat(use.device()).isEqualTo(device.info().id());
      assertThat(use.deviceSteps()).isPositive();
      assertThat(use.uploads()).isEqualTo(1);
      assertThat(use.downloads()).isEqualTo(1);
    }
  }

  @Test
  void weightsAreOnTheDeviceOnceForAllSessionsAndOutliveTheModel() {
    Model model = load("mlp", wide());
    Session first = model.newSession();
    first.run(input("mlp", 1));
    long one = device.bytes();
    Session second = model.newSession();
    second.run(input("mlp", 1));
    long weights = 4 * (64 * 256 + 256 * 128 + 128);
    assertThat(device.bytes()).isLessThan(one + weights);
    model.close();
    first.close();
    assertThat(floats(second.run(input("mlp", ROWS)))).containsExactly(onCpu("mlp"));
    second.close();
    assertThat(device.bytes()).isZero();
  }

  @Test
  void aCancelledRunReleasesItsBuffersAndTheSessionGoesOn() {
    try (Model model = load("convolution", new DeviceTarget(device, 100_000));
        Session session = model.newSession()) {
      session.run(input("convolution", 1));
      AtomicInteger asked = new AtomicInteger();
      RunOptions options = RunOptions.DEFAULT.withCancelled(() -> asked.incrementAndGet() > 20);
      OnnxException e =
          catchThrowableOfType(
              OnnxException.class, () -> session.run(input("convolution", ROWS), options));
      assertThat(e.code()).isEqualTo(OnnxException.Code.CANCELLED);
      assertThat(floats(session.run(input("convolution", ROWS))))
          .containsExactly(onCpu("convolution"));
    }
    assertThat(device.bytes()).isZero();
  }

  @Test
  void lengthsThatDoNotFitEachOtherAreRefusedBeforeAKernelRuns() {
    byte[] bytes =
        ModelBuilder.opset(17)
            .input("a", ElementType.FLOAT, "n", 2)
            .input("b", ElementType.FLOAT, "m", 2)
            .output("y", ElementType.FLOAT, "p", 4)
            .node("Concat", List.of("a", "b"), List.of("y"), "axis", 1L)
            .bytes();
    Map<String, Tensor> inputs =
        Map.of("a", Tensor.of(new float[4], 2, 2), "b", Tensor.of(new float[200_000], 100_000, 2));
    try (Model model = Model.load(bytes, LoadOptions.DEFAULT.withDevice(wide()));
        Session session = model.newSession()) {
      assertThatThrownBy(() -> session.run(inputs)).isInstanceOf(OnnxException.class);
    }
  }

  @Test
  void aModelThatIsClosedTwiceLeavesASessionItsWeights() {
    Model model = load("mlp", wide());
    try (Session session = model.newSession()) {
      session.run(input("mlp", 3));
      long held = device.bytes();
      model.close();
      model.close();
      assertThat(device.bytes()).isEqualTo(held);
    }
    assertThat(device.bytes()).isZero();
  }

  @Test
  void aClosedModelOpensNoSession() {
    Model model = load("mlp", wide());
    model.close();
    assertThat(catchThrowableOfType(IllegalStateException.class, model::newSession))
        .hasMessage("the model is closed");
  }

  @Test
  void withoutADeviceNothingIsCounted() {
    try (Model model = load("mlp", null);
        Session session = model.newSession()) {
      session.run(input("mlp", 1));
      assertThat(session.deviceUse()).isEqualTo(DeviceUse.NONE);
    }
  }

  @Test
  void aDeviceThatIsClosedFailsTheRun() {
    try (Model model = load("mlp", wide())) {
      Session session = model.newSession();
      device.close();
      assertThat(catchThrowableOfType(RuntimeException.class, () -> session.run(input("mlp", 1))))
          .isInstanceOfAny(IllegalStateException.class, DeviceException.class);
    }
  }
}
