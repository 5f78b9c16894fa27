package io.sparkonnx.engine;

import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static io.sparkonnx.engine.tensor.ElementType.INT64;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ArgMax and ArgMin on a device. */
class DeviceExtremesTest {
  private static final int ROWS = 37;

  private static DeviceComparison both;

  @BeforeAll
  static void open() {
    both = new DeviceComparison();
  }

  @AfterAll
  static void close() {
    if (both != null) {
      both.close();
    }
  }

  /** Few different numbers, so that many are equal, zeros of both signs, infinities and NaN. */
  private static Tensor values(long seed, int... dims) {
    float[] some = {
      -2f, -1f, -0f, 0f, 1f, 2f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN
    };
    Random random = new Random(seed);
    float[] floats = new float[Tensor.sizeOf(dims)];
    for (int i = 0; i < floats.length; i++) {
      boolean rare = random.nextInt(50) == 0;
      floats[i] = some[rare ? 6 + random.nextInt(3) : random.nextInt(6)];
    }
    return Tensor.of(floats, dims);
  }

  private static void assertOnDevice(
      ModelBuilder model, Map<String, Tensor> inputs, int deviceSteps, int cpuSteps) {
    DeviceUse use = both.compare(model.bytes(), inputs);
    assertThat(use.deviceSteps()).as("steps on the device").isEqualTo(deviceSteps);
    assertThat(use.cpuSteps()).as("steps on the CPU").isEqualTo(cpuSteps);
  }

  @ParameterizedTest
  @CsvSource({"ArgMax, 0", "ArgMax, 1", "ArgMin, 0", "ArgMin, 1"})
  void placesOfExtremesAlongAnyAxis(String type, long last) {
    for (long axis : new long[] {1, 2, -1}) {
      ModelBuilder model =
          ModelBuilder.opset(18)
              .input("x", FLOAT, "n", 6, 4, 41)
              .node(
                  type,
                  List.of("x"),
                  List.of("y"),
                  "axis",
                  axis,
                  "keepdims",
                  axis & 1,
                  "select_last_index",
                  last)
              .output("y");
      assertOnDevice(model, Map.of("x", values(17, ROWS, 6, 4, 41)), 1, 0);
      assertOnDevice(model, Map.of("x", values(18, 1, 6, 4, 41)), 1, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 15, 16, 17, 208, 4097})
  void placesOfExtremesInRowsOfAwkwardLengths(int length) {
    ModelBuilder model =
        ModelBuilder.opset(18)
            .input("x", FLOAT, "n", length)
            .node("ArgMax", List.of("x"), List.of("y"), "axis", 1L)
            .output("y");
    float[] falling = new float[3 * length];
    for (int i = 0; i < falling.length; i++) {
      falling[i] = -(i / 3);
    }
    assertOnDevice(model, Map.of("x", Tensor.of(falling, 3, length)), 1, 0);
    assertOnDevice(model, Map.of("x", values(19, 3, length)), 1, 0);
  }

  @Test
  void placesOfIntegersStayOnTheCpu() {
    ModelBuilder model =
        ModelBuilder.opset(18)
            .input("x", INT64, "n", 6)
            .node("ArgMax", List.of("x"), List.of("y"), "axis", 1L)
            .output("y");
    assertOnDevice(model, Map.of("x", Tensor.of(new long[ROWS * 6], ROWS, 6)), 0, 1);
  }

  /** Gather looks at its indices on the host, so the step that makes them runs there. */
  @Test
  void indicesThatTheHostReadsAreMadeThere() {
    ModelBuilder model =
        ModelBuilder.opset(18)
            .input("x", FLOAT, "n", 6)
            .initializer("table", values(21, 6, 4))
            .node("ArgMax", List.of("x"), List.of("i"), "axis", 1L, "keepdims", 0L)
            .node("Gather", List.of("table", "i"), List.of("g"))
            .node("Exp", List.of("g"), List.of("e"))
            .node("Softmax", List.of("e"), List.of("y"))
            .output("y");
    assertThat(both.compare(model.bytes(), Map.of("x", values(22, ROWS, 6))).cpuSteps())
        .isPositive();
  }
}
