package io.sparkonnx.engine.optimize;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MergeTransposesTest {
  private static TestGraph twice(String... outputs) {
    return new TestGraph(13)
        .input("x", "N", 2, 4, 5)
        .node("Transpose", Map.of("perm", new long[] {0, 2, 3, 1}), List.of("a"), "x")
        .node("Transpose", Map.of("perm", new long[] {2, 1, 3, 0}), List.of("b"), "a")
        .node("Relu", "y", "b")
        .output(outputs);
  }

  @Test
  void makesOneOfTwo() {
    Rewritten.by(twice("y"), new MergeTransposes(), new RemoveDeadNodes())
        .assertOperators("Transpose", "Relu")
        .assertSameValues();
  }

  @Test
  void keepsTheFirstWhereItIsAnOutput() {
    Rewritten.by(twice("y", "a"), new MergeTransposes(), new RemoveDeadNodes())
        .assertOperators("Transpose", "Transpose", "Relu")
        .assertSameValues();
  }

  @Test
  void leavesNothingOfATransposeAndItsInverse() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", "N", 2, 4)
            .node("Transpose", Map.of("perm", new long[] {1, 2, 0}), List.of("a"), "x")
            .node("Transpose", Map.of("perm", new long[] {2, 0, 1}), List.of("b"), "a")
            .node("Relu", "y", "b")
            .output("y");
    Rewritten.byAll(graph).assertOperators("Relu").assertSameValues();
  }
}
