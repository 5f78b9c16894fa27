package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Loading a model for some of its outputs. */
class OutputChoiceTest {
  private static final Random RANDOM = new Random(17);

  /** hidden = x·w + b, which is an output too; label = Relu(hidden · v); other = y + y. */
  private static byte[] model() {
    return ModelBuilder.opset(13)
        .input("x", ElementType.FLOAT, "N", 8)
        .input("y", ElementType.FLOAT, "N")
        .initializer("w", randoms(8, 16))
        .initializer("b", randoms(16))
        .initializer("v", randoms(16, 4))
        .node("MatMul", List.of("x", "w"), List.of("h"))
        .node("Add", List.of("h", "b"), List.of("hidden"))
        .node("MatMul", List.of("hidden", "v"), List.of("s"))
        .node("Relu", List.of("s"), List.of("label"))
        .node("Add", List.of("y", "y"), List.of("other"))
        .output("hidden", ElementType.FLOAT, "N", 16)
        .output("label", ElementType.FLOAT, "N", 4)
        .output("other", ElementType.FLOAT, "N")
        .bytes();
  }

  private static FloatTensor randoms(int... dims) {
    int size = 1;
    for (int dim : dims) {
      size *= dim;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) RANDOM.nextGaussian();
    }
    return Tensor.of(values, dims);
  }

  @Test
  void theOthersAndWhatOnlyTheyNeedAreNotInTheModel() {
    byte[] bytes = model();
    try (Model whole = Model.load(bytes, LoadOptions.DEFAULT);
        Model part = Model.load(bytes, LoadOptions.DEFAULT.withOutputs(Set.of("other")))) {
      assertThat(whole.inputsByOutput())
          .isEqualTo(Map.of("hidden", Set.of("x"), "label", Set.of("x"), "other", Set.of("y")));
      assertThat(part.signature()).hasToString("[y: float [N]] -> [other: float [N]]");
      assertThat(part.batching().inputAxes()).isEqualTo(Map.of("y", 0));
      assertThat(part.weightBytes()).isZero();
      assertThat(whole.weightBytes()).isPositive();
    }
  }

  @Test
  void theOutputsThatStayKeepEveryBit() {
    byte[] bytes = model();
    Map<String, OnnxValue> inputs = Map.of("x", randoms(37, 8), "y", randoms(37));
    try (Model whole = Model.load(bytes, LoadOptions.DEFAULT);
        Session all = whole.newSession();
        Model part = Model.load(bytes, LoadOptions.DEFAULT.withOutputs(Set.of("label")));
        Session some = part.newSession()) {
      FloatTensor expected = (FloatTensor) all.run(inputs).get("label");
      Map<String, OnnxValue> results = some.run(Map.of("x", inputs.get("x")));
      assertThat(results).containsOnlyKeys("label");
      assertThat(((FloatTensor) results.get("label")).toArray()).isEqualTo(expected.toArray());
    }
  }

  @Test
  void anUnknownOutputIsNamed() {
    byte[] bytes = model();
    assertThatThrownBy(
            () -> Model.load(bytes, LoadOptions.DEFAULT.withOutputs(Set.of("label", "z"))))
        .hasMessage("'z' is no output of the model; these are [hidden, label, other]");
  }
}
