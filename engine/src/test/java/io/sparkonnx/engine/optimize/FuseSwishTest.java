package io.sparkonnx.engine.optimize;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FuseSwishTest {
  private static final Rewrite[] REWRITES = {new FuseSwish(), new RemoveDeadNodes()};

  private static TestGraph hard(float alpha) {
    return new TestGraph(13)
        .input("x", "N", 17)
        .node("HardSigmoid", Map.of("alpha", alpha), List.of("s"), "x")
        .node("Mul", "y", "s", "x")
        .output("y");
  }

  @Test
  void recognisesSwish() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", "N", 17)
            .node("Sigmoid", "s", "x")
            .node("Mul", "y", "x", "s")
            .output("y");
    Rewritten.by(graph, REWRITES).assertOperators("Swish").assertSameValues();
  }

  @Test
  void recognisesHardSwish() {
    Rewritten.by(hard(1f / 6), REWRITES).assertOperators("HardSwish").assertSameValues();
  }

  @Test
  void keepsAnotherSlope() {
    Rewritten.by(hard(0.2f), REWRITES).assertUnchanged();
  }

  @Test
  void keepsTheSigmoidOfAnotherValue() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", "N", 17)
            .input("z", "N", 17)
            .node("Sigmoid", "s", "z")
            .node("Mul", "y", "x", "s")
            .output("y");
    Rewritten.by(graph, REWRITES).assertUnchanged();
  }
}
