package io.sparkonnx.engine;

import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.engine.device.TestDevice;
import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Weights as float16: the same bits as of a model whose weights were rounded before. */
class DeviceFloat16Test {
  private static final int ROWS = 21;

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

  /** Weights from tiny ones, which float16 rounds to few bits or to zero, to large ones. */
  private static FloatTensor weights(int seed, int... dims) {
    FloatTensor weights = (FloatTensor) OnDevice.normal(seed, dims);
    for (int i = 0; i < weights.size(); i += 7) {
      weights.array()[i] *= i % 2 == 0 ? 1e-6f : 1e4f;
    }
    return weights;
  }

  /** Rounds to 11 digits of base two, or to multiples of 2⁻²⁴, halves to even. */
  private static FloatTensor rounded(FloatTensor weights) {
    float[] values = weights.toArray();
    for (int i = 0; i < values.length; i++) {
      double step = Math.max(0x1p-24, Math.scalb(1.0, Math.getExponent(values[i]) - 10));
      BigDecimal steps =
          new BigDecimal(values[i]).divide(new BigDecimal(step), MathContext.DECIMAL128);
      double whole = steps.setScale(0, RoundingMode.HALF_EVEN).doubleValue();
      values[i] = (float) (whole * step);
    }
    return Tensor.of(values, weights.dims());
  }

  private interface Network {
    ModelBuilder of(UnaryOperator<FloatTensor> held);
  }

  private static ModelBuilder product(UnaryOperator<FloatTensor> held) {
    return ModelBuilder.opset(17)
        .input("x", FLOAT, "n", 40)
        .initializer("w", held.apply(weights(1, 40, 70)))
        .initializer("b", weights(2, 70))
        .node("MatMul", List.of("x", "w"), List.of("m"))
        .node("Add", List.of("m", "b"), List.of("y"))
        .output("y");
  }

  private static ModelBuilder gemms(UnaryOperator<FloatTensor> held) {
    return ModelBuilder.opset(17)
        .input("x", FLOAT, "n", 40)
        .initializer("w", held.apply(weights(1, 33, 40)))
        .initializer("b", weights(2, 33))
        .initializer("v", held.apply(weights(3, 33, 9)))
        .node("Gemm", List.of("x", "w", "b"), List.of("m"), "transB", 1L)
        .node("Relu", List.of("m"), List.of("r"))
        .node("Gemm", List.of("r", "v"), List.of("y"))
        .output("y");
  }

  private static ModelBuilder convolutions(UnaryOperator<FloatTensor> held) {
    return ModelBuilder.opset(17)
        .input("x", FLOAT, "n", 4, 10, 10)
        .initializer("w", held.apply(weights(1, 20, 4, 3, 3)))
        .initializer("b", weights(2, 20))
        .initializer("d", held.apply(weights(3, 20, 1, 3, 3)))
        .node("Conv", List.of("x", "w", "b"), List.of("c"))
        .node("Relu", List.of("c"), List.of("r"))
        .node(
            "MaxPool",
            List.of("r"),
            List.of("p"),
            "kernel_shape",
            new long[] {2, 2},
            "strides",
            new long[] {2, 2})
        .node("Conv", List.of("p", "d"), List.of("y"), "group", 20L)
        .output("y");
  }

  private static ModelBuilder stacked(UnaryOperator<FloatTensor> held) {
    return ModelBuilder.opset(17)
        .input("x", FLOAT, "n", 3, 5, 8)
        .initializer("w", held.apply(weights(1, 3, 8, 6)))
        .node("MatMul", List.of("x", "w"), List.of("y"))
        .output("y");
  }

  private float[] run(byte[] bytes, LoadOptions options, Map<String, Tensor> inputs) {
    try (Model model = Model.load(bytes, options);
        Session session = model.newSession()) {
      float[] y = DeviceRuns.floats(session.run(inputs));
      if (options.device() != null) {
        assertThat(session.deviceUse().cpuSteps()).isZero();
      }
      return y;
    }
  }

  private LoadOptions float16() {
    return LoadOptions.DEFAULT.withDevice(DeviceTarget.of(device).withFloat16(true));
  }

  private void assertRoundedWeights(Network network, int... row) {
    int[] dims = new int[row.length + 1];
    dims[0] = ROWS;
    System.arraycopy(row, 0, dims, 1, row.length);
    Map<String, Tensor> inputs = Map.of("x", OnDevice.normal(5, dims));
    byte[] exact = network.of(w -> w).bytes();
    float[] expected =
        run(network.of(DeviceFloat16Test::rounded).bytes(), LoadOptions.DEFAULT, inputs);
    assertThat(run(exact, float16(), inputs)).containsExactly(expected);
    LoadOptions small =
        LoadOptions.DEFAULT.withDevice(new DeviceTarget(device, 20_000).withFloat16(true));
    assertThat(run(exact, small, inputs)).as("in blocks of few rows").containsExactly(expected);
    assertThat(run(exact, LoadOptions.DEFAULT, inputs)).isNotEqualTo(expected);
  }

  @Test
  void productsReadTheirWeightsRounded() {
    assertRoundedWeights(DeviceFloat16Test::product, 40);
    assertRoundedWeights(DeviceFloat16Test::gemms, 40);
    assertRoundedWeights(DeviceFloat16Test::stacked, 3, 5, 8);
  }

  @Test
  void convolutionsReadTheirWeightsRounded() {
    assertRoundedWeights(DeviceFloat16Test::convolutions, 4, 10, 10);
  }

  @Test
  void weightsTakeHalfOfTheMemory() {
    byte[] bytes = product(w -> w).bytes();
    try (Model model = Model.load(bytes, float16());
        Session session = model.newSession()) {
      session.run(Map.of("x", OnDevice.normal(6, 3, 40)));
      session.releaseDevice();
      assertThat(session.deviceNeed(3).weightBytes()).isEqualTo(2 * 40 * 70 + 4 * 70);
      assertThat(device.bytes()).isEqualTo(2 * 40 * 70 + 4 * 70);
    }
  }

  @Test
  void dotProductsStayWithinWhatIsSaid() {
    FloatTensor x = (FloatTensor) OnDevice.normal(7, ROWS, 40);
    FloatTensor w = weights(1, 40, 70);
    float[] exact = run(product(v -> v).bytes(), LoadOptions.DEFAULT, Map.of("x", x));
    float[] halves = run(product(v -> v).bytes(), float16(), Map.of("x", x));
    for (int i = 0; i < halves.length; i++) {
      double bound = 0;
      double sum = 0;
      for (int k = 0; k < 40; k++) {
        double weight = Math.abs(w.get(k * 70 + i % 70));
        double factor = Math.abs(x.get(i / 70 * 40 + k));
        bound += factor * Math.max(0x1p-11 * weight, 0x1p-25);
        sum += factor * weight;
      }
      double rounding = 2 * 2 * (40 + 2) * 0x1p-24 * (sum + Math.abs(exact[i]));
      assertThat((double) halves[i]).isCloseTo(exact[i], within(bound + rounding));
    }
  }

  @Test
  void weightsThatFloat16DoesNotReachStay() {
    FloatTensor w = weights(1, 40, 70);
    w.array()[17] = 65_520f;
    byte[] bytes =
        ModelBuilder.opset(17)
            .input("x", FLOAT, "n", 40)
            .initializer("w", w)
            .node("MatMul", List.of("x", "w"), List.of("y"))
            .output("y")
            .bytes();
    Map<String, Tensor> inputs = Map.of("x", OnDevice.normal(8, ROWS, 40));
    assertThat(run(bytes, float16(), inputs))
        .containsExactly(run(bytes, LoadOptions.DEFAULT, inputs));
  }

  @Test
  void constantsThatAreMoreThanFactorsStay() {
    byte[] bytes =
        ModelBuilder.opset(17)
            .input("x", FLOAT, "n", 9, 9)
            .initializer("w", weights(1, 9, 9))
            .node("Mul", List.of("x", "w"), List.of("m"))
            .node("MatMul", List.of("m", "w"), List.of("y"))
            .output("y")
            .bytes();
    Map<String, Tensor> inputs = Map.of("x", OnDevice.normal(9, ROWS, 9, 9));
    assertThat(run(bytes, float16(), inputs))
        .containsExactly(run(bytes, LoadOptions.DEFAULT, inputs));
  }
}
