package io.sparkonnx.engine.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptimizerTest {
  private static TestGraph network() {
    return new TestGraph(13)
        .input("x", "N", 3, 9, 9)
        .weights("w", 8, 3, 3, 3)
        .weights("scale", 8)
        .weights("shift", 8)
        .weights("mean", 8)
        .positive("variance", 8)
        .weights("fc", 8, 10)
        .weights("bias", 10)
        .constant("minus", Tensor.of(new long[] {-1}, 1))
        .constant("zero", Tensor.of(new long[] {0}))
        .node("Conv", Map.of("auto_pad", "SAME_UPPER"), List.of("c"), "x", "w")
        .node("BatchNormalization", "n", "c", "scale", "shift", "mean", "variance")
        .node("Relu", "r", "n")
        .node("Dropout", "d", "r")
        .node("GlobalAveragePool", "g", "d")
        .node("Shape", "shape", "g")
        .node("Gather", Map.of(), List.of("rows"), "shape", "zero")
        .node("Unsqueeze", Map.of(), List.of("rows1"), "rows", "first")
        .constant("first", Tensor.of(new long[] {0}, 1))
        .node("Concat", Map.of("axis", 0L), List.of("target"), "rows1", "minus")
        .node("Reshape", "f", "g", "target")
        .node("MatMul", "m", "f", "fc")
        .node("Add", "a", "m", "bias")
        .node("Sigmoid", "y", "a")
        .output("y");
  }

  @Test
  void leavesOneNodePerProduct() {
    Rewritten rewritten = Rewritten.byAll(network());
    assertThat(rewritten.operators())
        .startsWith("Conv", "GlobalAveragePool")
        .endsWith("Reshape", "MatMul")
        .doesNotContain("BatchNormalization", "Relu", "Dropout", "Add", "Sigmoid");
    rewritten.assertSameValues();
  }

  @Test
  void keepsInputsAndOutputs() {
    Rewritten rewritten = Rewritten.byAll(network());
    assertThat(rewritten.graph().inputs()).isEqualTo(network().build().inputs());
    assertThat(rewritten.graph().outputs()).isEqualTo(network().build().outputs());
  }

  @Test
  void changesNothingTheSecondTime() {
    Rewritten once = Rewritten.byAll(network());
    assertThat(Optimizer.optimize(once.graph())).isSameAs(once.graph());
  }
}
