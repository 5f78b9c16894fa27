package io.sparkonnx.engine.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RemoveDeadNodesTest {
  @Test
  void removesChainsThatNobodyReadsWithTheirConstants() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", "N", 3)
            .weights("w", 3)
            .node("Add", "a", "x", "w")
            .node("Relu", "b", "a")
            .node("Neg", "y", "x")
            .output("y");
    Rewritten rewritten = Rewritten.by(graph, new RemoveDeadNodes()).assertOperators("Neg");
    assertThat(rewritten.graph().constants()).isEmpty();
  }

  @Test
  void keepsWhatAnOutputNeeds() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", "N", 3)
            .weights("w", 3)
            .node("Add", "a", "x", "w")
            .node("Relu", "y", "a")
            .output("y", "w");
    Rewritten.by(graph, new RemoveDeadNodes()).assertUnchanged();
  }
}
