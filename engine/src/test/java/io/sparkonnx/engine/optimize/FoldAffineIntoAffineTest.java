package io.sparkonnx.engine.optimize;

import org.junit.jupiter.api.Test;

class FoldAffineIntoAffineTest {
  private static final Rewrite[] REWRITES = {
    new FoldBatchNormToAffine(), new FoldAffineIntoAffine(), new RemoveDeadNodes()
  };

  private static TestGraph norm(Object... dims) {
    return new TestGraph(13)
        .input("x", dims)
        .weights("scale", 4)
        .weights("shift", 4)
        .weights("mean", 4)
        .positive("variance", 4)
        .weights("factor", 4, 1, 1)
        .weights("summand", 1, 4, 1, 1)
        .node("BatchNormalization", "n", "x", "scale", "shift", "mean", "variance");
  }

  @Test
  void mergesFactorsAndSummands() {
    TestGraph graph =
        norm("N", 4, 5, 6)
            .node("Mul", "m", "n", "factor")
            .node("Add", "y", "m", "summand")
            .output("y");
    Rewritten.by(graph, REWRITES).assertOperators("ChannelAffine").assertSameValues();
  }

  @Test
  void makesAnAffineFunctionOfAMatrix() {
    Rewritten.by(norm("N", 4).node("Relu", "y", "n").output("y"), REWRITES)
        .assertOperators("ChannelAffine", "Relu")
        .assertSameValues();
  }

  @Test
  void keepsAnAffineFunctionThatIsReadTwice() {
    TestGraph graph =
        norm("N", 4, 5, 6).node("Mul", "m", "n", "factor").node("Add", "y", "m", "n").output("y");
    Rewritten.by(graph, REWRITES).assertOperators("ChannelAffine", "Mul", "Add").assertSameValues();
  }
}
