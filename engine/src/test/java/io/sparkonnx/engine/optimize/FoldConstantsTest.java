package io.sparkonnx.engine.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FoldConstantsTest {
  private static final Rewrite FOLD = new FoldConstants();

  @Test
  void evaluatesChainsOfConstants() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", "N", 3)
            .weights("w", 3, 4)
            .node("Neg", "negative", "w")
            .node("Exp", "e", "negative")
            .node("MatMul", "y", "x", "e")
            .output("y");
    Rewritten.by(graph, FOLD).assertOperators("MatMul").assertSameValues();
  }

  @Test
  void makesKnownNumbersConstant() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", "N", 3, 4)
            .constant("two", Tensor.of(new long[] {2}, 1))
            .node("Shape", "shape", "x")
            .node("Gather", Map.of(), List.of("length"), "shape", "two")
            .output("length");
    Rewritten folded = Rewritten.by(graph, FOLD);
    Tensor length = folded.graph().constants().get("length");
    assertThat(length.longAt(0)).isEqualTo(4);
  }

  @Test
  void keepsSizesThatDependOnTheBatch() {
    TestGraph graph =
        new TestGraph(13).input("x", "N", 3).node("Shape", "shape", "x").output("shape");
    Rewritten.by(graph, FOLD).assertUnchanged();
  }

  @Test
  void keepsWhatWouldGrowTheModel() {
    TestGraph graph =
        new TestGraph(13)
            .constant("size", Tensor.of(new long[] {30000, 30000}, 2))
            .node("ConstantOfShape", "zeros", "size")
            .output("zeros");
    Rewritten.by(graph, FOLD).assertUnchanged();
  }

  @Test
  void keepsNodesThatFail() {
    TestGraph graph =
        new TestGraph(13)
            .constant("data", Tensor.of(new float[3], 3))
            .constant("index", Tensor.of(new long[] {9}, 1))
            .node("Gather", "y", "data", "index")
            .output("y");
    Rewritten.by(graph, FOLD).assertUnchanged();
  }
}
