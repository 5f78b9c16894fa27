package io.sparkonnx.engine.optimize;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MergeEqualNodesTest {
  private static final Rewrite MERGE = new MergeEqualNodes();

  @Test
  void mergesChainsOfEqualNodes() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", "N", 3)
            .node("Relu", "a", "x")
            .node("Relu", "b", "x")
            .node("Tanh", "c", "a")
            .node("Tanh", "d", "b")
            .node("Add", "y", "c", "d")
            .output("y");
    Rewritten.by(graph, MERGE).assertOperators("Relu", "Tanh", "Add").assertSameValues();
  }

  @Test
  void keepsNodesWithOtherAttributes() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", "N", 3)
            .node("Elu", Map.of("alpha", 1f), List.of("a"), "x")
            .node("Elu", Map.of("alpha", 2f), List.of("b"), "x")
            .node("Add", "y", "a", "b")
            .output("y");
    Rewritten.by(graph, MERGE).assertUnchanged();
  }

  @Test
  void keepsNodesWithInputsInAnotherOrder() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", "N", 3)
            .input("z", "N", 3)
            .node("Sub", "a", "x", "z")
            .node("Sub", "b", "z", "x")
            .node("Mul", "y", "a", "b")
            .output("y");
    Rewritten.by(graph, MERGE).assertUnchanged();
  }

  @Test
  void keepsOutputs() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", "N", 3)
            .node("Relu", "a", "x")
            .node("Relu", "b", "x")
            .output("a", "b");
    Rewritten.by(graph, MERGE).assertUnchanged();
  }
}
