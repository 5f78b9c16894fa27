package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FuseLayerNormTest {
  private static final Rewrite[] REWRITES = {
    new MergeEqualNodes(), new FuseLayerNorm(), new RemoveDeadNodes()
  };

  private static TestGraph deviation(long axis) {
    return new TestGraph(13)
        .input("x", "N", "seq", 17)
        .constant("two", Tensor.of(new float[] {2}))
        .constant("epsilon", Tensor.of(new float[] {1e-5f}))
        .weights("scale", 17)
        .weights("bias", 17)
        .node("ReduceMean", Map.of("axes", new long[] {axis}), List.of("mean"), "x")
        .node("Sub", "d", "x", "mean");
  }

  private static TestGraph norm(TestGraph graph, String divided, long axis) {
    return graph
        .node("ReduceMean", Map.of("axes", new long[] {axis}), List.of("variance"), "squares")
        .node("Add", "positive", "variance", "epsilon")
        .node("Sqrt", "root", "positive")
        .node("Div", "normal", divided, "root");
  }

  @Test
  void recognisesPowersOfTwo() {
    TestGraph graph =
        norm(deviation(-1).node("Pow", "squares", "d", "two"), "d", -1)
            .node("Mul", "scaled", "scale", "normal")
            .node("Add", "y", "scaled", "bias")
            .output("y");
    Rewritten.by(graph, REWRITES).assertOperators("LayerNormalization").assertSameValues();
  }

  @Test
  void recognisesProductsAndASecondDeviation() {
    TestGraph graph =
        norm(
                deviation(2).node("Mul", "squares", "d", "d").node("Sub", "again", "x", "mean"),
                "again",
                2)
            .node("Mul", "scaled", "normal", "scale")
            .node("Add", "y", "bias", "scaled")
            .output("y");
    Rewritten.by(graph, REWRITES).assertOperators("LayerNormalization").assertSameValues();
  }

  @Test
  void keepsPiecesThatAreOutputs() {
    TestGraph graph =
        norm(deviation(-1).node("Pow", "squares", "d", "two"), "d", -1)
            .node("Mul", "scaled", "scale", "normal")
            .node("Add", "y", "scaled", "bias")
            .output("y", "d");
    Rewritten.by(graph, REWRITES)
        .assertOperators("ReduceMean", "Sub", "LayerNormalization")
        .assertSameValues();
  }

  @Test
  void keepsAMeanOverAnotherAxis() {
    TestGraph graph =
        norm(deviation(1).node("Pow", "squares", "d", "two"), "d", 1)
            .node("Mul", "scaled", "scale", "normal")
            .node("Add", "y", "scaled", "bias")
            .output("y");
    Rewritten.by(graph, REWRITES).assertUnchanged();
  }

  @Test
  void keepsAnotherPower() {
    TestGraph graph =
        norm(deviation(-1).node("Pow", "squares", "d", "epsilon"), "d", -1)
            .node("Mul", "scaled", "scale", "normal")
            .node("Add", "y", "scaled", "bias")
            .output("y");
    Rewritten.by(graph, REWRITES).assertUnchanged();
  }

  @Test
  void keepsAScaleOfAnotherAxis() {
    TestGraph graph =
        norm(deviation(-1).node("Pow", "squares", "d", "two"), "d", -1)
            .weights("column", 17, 1, 1)
            .node("Mul", "scaled", "column", "normal")
            .node("Add", "y", "scaled", "bias")
            .output("y");
    Rewritten.by(graph, REWRITES).assertUnchanged();
  }
}
