package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.tensor.Tensor;
import org.junit.jupiter.api.Test;

class FuseGeluTest {
  private static final Rewrite[] REWRITES = {new FuseGelu(), new RemoveDeadNodes()};

  private static TestGraph graph(double divisor) {
    return new TestGraph(13)
        .input("x", "N", 17)
        .constant("half", Tensor.of(new float[] {0.5f}))
        .constant("one", Tensor.of(new float[] {1f}))
        .constant("divisor", Tensor.of(new float[] {(float) divisor}))
        .constant("factor", Tensor.of(new float[] {(float) Math.sqrt(0.5)}))
        .node("Div", "t", "x", "divisor")
        .node("Erf", "e", "t")
        .node("Add", "a", "e", "one");
  }

  @Test
  void recognisesHalfLast() {
    TestGraph graph =
        graph(Math.sqrt(2)).node("Mul", "m", "x", "a").node("Mul", "y", "m", "half").output("y");
    Rewritten.by(graph, REWRITES).assertOperators("Gelu").assertSameValues();
  }

  @Test
  void recognisesHalfFirst() {
    TestGraph graph =
        graph(Math.sqrt(2)).node("Mul", "m", "half", "x").node("Mul", "y", "m", "a").output("y");
    Rewritten.by(graph, REWRITES).assertOperators("Gelu").assertSameValues();
  }

  @Test
  void recognisesAFactorInsteadOfADivisor() {
    TestGraph graph =
        graph(Math.sqrt(2))
            .node("Mul", "t2", "factor", "x")
            .node("Erf", "e2", "t2")
            .node("Add", "a2", "one", "e2")
            .node("Mul", "m", "a2", "half")
            .node("Mul", "y", "x", "m")
            .output("y");
    Rewritten.by(graph, REWRITES).assertOperators("Gelu").assertSameValues();
  }

  @Test
  void keepsAnotherDivisor() {
    TestGraph graph =
        graph(1.5).node("Mul", "m", "x", "a").node("Mul", "y", "m", "half").output("y");
    Rewritten.by(graph, REWRITES).assertUnchanged();
  }

  @Test
  void keepsAProductWithAnotherValue() {
    TestGraph graph =
        graph(Math.sqrt(2))
            .input("z", "N", 17)
            .node("Mul", "m", "z", "a")
            .node("Mul", "y", "m", "half")
            .output("y");
    Rewritten.by(graph, REWRITES).assertUnchanged();
  }
}
