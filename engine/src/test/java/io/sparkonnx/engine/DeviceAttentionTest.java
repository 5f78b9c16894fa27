package io.sparkonnx.engine;

import static io.sparkonnx.engine.tensor.ElementType.BOOL;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention as one step on a device. */
class DeviceAttentionTest {
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

  private static ModelBuilder scaledAndMasked(Object m, Object n, int k, int d) {
    return ModelBuilder.opset(17)
        .input("q", FLOAT, "batch", 2, m, k)
        .input("kt", FLOAT, "batch", 2, k, n)
        .input("v", FLOAT, "batch", 2, n, d)
        .input("mask", FLOAT, "batch", 1, 1, n)
        .initializer("root", Tensor.of(new float[] {1.7f}))
        .node("MatMul", List.of("q", "kt"), List.of("s"))
        .node("Div", List.of("s", "root"), List.of("t"))
        .node("Add", List.of("t", "mask"), List.of("u"))
        .node("Softmax", List.of("u"), List.of("p"), "axis", -1L)
        .node("MatMul", List.of("p", "v"), List.of("y"))
        .output("y");
  }

  private static Map<String, Tensor> inputs(int batch, int m, int n, int k, int d) {
    Map<String, Tensor> inputs = new HashMap<>();
    inputs.put("q", OnDevice.normal(1, batch, 2, m, k));
    inputs.put("kt", OnDevice.normal(2, batch, 2, k, n));
    inputs.put("v", OnDevice.normal(3, batch, 2, n, d));
    float[] mask = new float[batch * n];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i % 5 == 4 ? -10000f : 0f;
    }
    inputs.put("mask", Tensor.of(mask, batch, 1, 1, n));
    return inputs;
  }

  private static void assertOneStep(ModelBuilder model, Map<String, Tensor> inputs) {
    DeviceUse use = both.compare(model.bytes(), inputs);
    assertThat(use.deviceSteps()).isEqualTo(1);
    assertThat(use.cpuSteps()).isZero();
  }

  /** The last two have scores of few queries in local memory, and of none. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1",
    "3, 7, 16, 3, 5",
    "2, 16, 17, 16, 64",
    "5, 17, 15, 33, 65",
    "2, 33, 208, 64, 16",
    "1, 6, 1500, 16, 9",
    "2, 3, 4097, 8, 4"
  })
  void theScoresStayInsideWithTheCpusBits(int batch, int m, int n, int k, int d) {
    assertOneStep(scaledAndMasked(m, n, k, d), inputs(batch, m, n, k, d));
  }

  @ParameterizedTest
  @CsvSource({"1, 3, 5", "4, 20, 90", "2, 5, 2100"})
  void lengthsThatARunGives(int batch, int m, int n) {
    assertOneStep(scaledAndMasked("m", "n", 24, 24), inputs(batch, m, n, 24, 24));
  }

  @Test
  void emptyLengthsGiveWhatTheCpuGives() {
    both.compare(scaledAndMasked("m", "n", 4, 3).bytes(), inputs(2, 0, 6, 4, 3));
    both.compare(scaledAndMasked("m", "n", 4, 3).bytes(), inputs(2, 6, 0, 4, 3));
    both.compare(scaledAndMasked("m", "n", 4, 3).bytes(), inputs(0, 6, 6, 4, 3));
  }

  @Test
  void extremeScoresAndRowsThatAreMaskedAway() {
    Map<String, Tensor> inputs = inputs(4, 9, 21, 6, 5);
    inputs.put("q", OnDevice.extreme(4, 4, 2, 9, 6));
    inputs.put("v", OnDevice.extreme(5, 4, 2, 21, 5));
    float[] mask = new float[4 * 21];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i < 21 || i % 2 == 0 ? Float.NEGATIVE_INFINITY : i % 11 == 0 ? Float.NaN : 0f;
    }
    inputs.put("mask", Tensor.of(mask, 4, 1, 1, 21));
    assertOneStep(scaledAndMasked(9, 21, 6, 5), inputs);
  }

  /** The last one's scores do not fit into local memory. */
  @ParameterizedTest
  @CsvSource({"9, 9, 0", "17, 33, 1", "5, 2100, 0", "5, 2100, 1"})
  void scoresChosenByATestThatARunGives(int m, int n, int side) {
    List<String> choice = side == 0 ? List.of("test", "t", "low") : List.of("test", "low", "t");
    ModelBuilder model =
        ModelBuilder.opset(17)
            .input("q", FLOAT, "batch", 2, m, 6)
            .input("kt", FLOAT, "batch", 2, 6, n)
            .input("v", FLOAT, "batch", 2, n, 5)
            .input("test", BOOL, "batch", 1, m, n)
            .initializer("root", Tensor.of(new float[] {1.7f}))
            .initializer("low", OnDevice.normal(11, 2, 1, n))
            .node("MatMul", List.of("q", "kt"), List.of("s"))
            .node("Div", List.of("s", "root"), List.of("t"))
            .node("Where", choice, List.of("u"))
            .node("Softmax", List.of("u"), List.of("p"), "axis", -1L)
            .node("MatMul", List.of("p", "v"), List.of("y"))
            .output("y");
    Map<String, Tensor> inputs = inputs(3, m, n, 6, 5);
    inputs.remove("mask");
    boolean[] tests = new boolean[3 * m * n];
    for (int i = 0; i < tests.length; i++) {
      tests[i] = i % n <= i / n % m || i % 7 == 0;
    }
    inputs.put("test", Tensor.of(tests, 3, 1, m, n));
    assertOneStep(model, inputs);
  }

  @Test
  void operandsMayComeFirstAndBeOfAnyAxes() {
    ModelBuilder model =
        ModelBuilder.opset(17)
            .input("q", FLOAT, "batch", 3, 5, 7)
            .input("kt", FLOAT, "batch", 3, 7, 18)
            .input("v", FLOAT, "batch", 3, 18, 4)
            .initializer("a", OnDevice.normal(6, 3, 5, 1))
            .initializer("b", OnDevice.normal(7, 5, 18))
            .node("MatMul", List.of("q", "kt"), List.of("s"))
            .node("Sub", List.of("a", "s"), List.of("t"))
            .node("Max", List.of("t", "b"), List.of("u"))
            .node("Softmax", List.of("u"), List.of("p"), "axis", -1L)
            .node("MatMul", List.of("p", "v"), List.of("y"))
            .output("y");
    Map<String, Tensor> inputs = new HashMap<>();
    inputs.put("q", OnDevice.normal(8, 6, 3, 5, 7));
    inputs.put("kt", OnDevice.normal(9, 6, 3, 7, 18));
    inputs.put("v", OnDevice.normal(10, 6, 3, 18, 4));
    assertOneStep(model, inputs);
  }
}
