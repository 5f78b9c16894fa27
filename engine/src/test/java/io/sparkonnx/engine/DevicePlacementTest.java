package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Which steps are worth that values go to a device and come back. CumSum has no form there. */
class DevicePlacementTest {
  private static final int COLUMNS = 8;

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

  private static ModelBuilder model() {
    float[] weights = new float[COLUMNS * COLUMNS];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % 5 - 2;
    }
    return ModelBuilder.opset(17)
        .input("x", ElementType.FLOAT, "n", COLUMNS)
        .output("y", ElementType.FLOAT, "n", COLUMNS)
        .initializer("axis", Tensor.of(new long[] {1}))
        .initializer("w", Tensor.of(weights, COLUMNS, COLUMNS));
  }

  private void assertSteps(ModelBuilder model, int deviceSteps, int cpuSteps) {
    LoadOptions plain = LoadOptions.DEFAULT.withOptimize(false);
    Map<String, Tensor> input = Map.of("x", Tensor.of(new float[3 * COLUMNS], 3, COLUMNS));
    LoadOptions placed = plain.withDevice(DeviceTarget.of(device));
    try (Model loaded = Model.load(model.bytes(), placed);
        Session session = loaded.newSession();
        Model onCpu = Model.load(model.bytes(), plain);
        Session other = onCpu.newSession()) {
      assertThat(DeviceRuns.floats(session.run(input)))
          .containsExactly(DeviceRuns.floats(other.run(input)));
      assertThat(session.deviceUse().deviceSteps()).isEqualTo(deviceSteps);
      assertThat(session.deviceUse().cpuSteps()).isEqualTo(cpuSteps);
    }
  }

  @Test
  void aSmallStepBetweenStepsOfTheCpuStaysThere() {
    assertSteps(
        model()
            .node("CumSum", List.of("x", "axis"), List.of("a"))
            .node("Relu", List.of("a"), List.of("b"))
            .node("CumSum", List.of("b", "axis"), List.of("y")),
        0,
        3);
  }

  @Test
  void aSmallStepBehindAStepOfTheCpuStaysThere() {
    assertSteps(
        model()
            .node("CumSum", List.of("x", "axis"), List.of("a"))
            .node("Relu", List.of("a"), List.of("y")),
        0,
        2);
  }

  @Test
  void aProductBetweenStepsOfTheCpuRunsOnTheDeviceWithWhatIsAroundIt() {
    assertSteps(
        model()
            .node("CumSum", List.of("x", "axis"), List.of("a"))
            .node("MatMul", List.of("a", "w"), List.of("b"))
            .node("Relu", List.of("b"), List.of("c"))
            .node("CumSum", List.of("c", "axis"), List.of("y")),
        2,
        2);
  }

  @Test
  void manySmallStepsInARowRunOnTheDevice() {
    ModelBuilder model = model().node("CumSum", List.of("x", "axis"), List.of("v0"));
    for (int i = 0; i < 8; i++) {
      model.node("Tanh", List.of("v" + i), List.of("v" + (i + 1)));
    }
    assertSteps(model.node("CumSum", List.of("v8", "axis"), List.of("y")), 8, 2);
  }

  @Test
  void aSmallStepWithoutNeighboursRunsOnTheDeviceThatWasAskedFor() {
    assertSteps(model().node("Relu", List.of("x"), List.of("y")), 1, 0);
  }

  @Test
  void islandsAreWeighedEachForItself() {
    assertSteps(
        model()
            .node("MatMul", List.of("x", "w"), List.of("a"))
            .node("CumSum", List.of("a", "axis"), List.of("b"))
            .node("Relu", List.of("b"), List.of("c"))
            .node("CumSum", List.of("c", "axis"), List.of("y")),
        1,
        3);
  }
}
