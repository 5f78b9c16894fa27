package io.sparkonnx.engine.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.graph.Graph;
import io.sparkonnx.engine.graph.Node;
import io.sparkonnx.engine.op.matrix.ColumnProducts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FuseColumnProductsTest {
  private static TestGraph layers() {
    return new TestGraph(13)
        .input("x", "N", 20)
        .weights("w1", 20, 30)
        .weights("b1", 30)
        .weights("w2", 30, 10)
        .weights("w3", 1, 10)
        .node("Gemm", "h1", "x", "w1", "b1")
        .node("Relu", "r1", "h1")
        .node("MatMul", "h2", "r1", "w2")
        .node("Gemm", Map.of("transB", 1L, "alpha", 0.5f), List.of("y"), "h2", "w3")
        .output("y");
  }

  /** With layouts assigned, as the rewrite finds a graph. */
  private static Graph laid(TestGraph graph, String... byColumns) {
    return AssignLayouts.byColumns(Optimizer.optimize(graph.build()), Set.of(byColumns), true);
  }

  private static ColumnProducts products(Rewritten rewritten, int node) {
    return (ColumnProducts) rewritten.graph().nodes().get(node).operator();
  }

  @Test
  void aChainByColumnsBecomesOneNode() {
    Rewritten rewritten = Rewritten.by(laid(layers(), "x"), new FuseColumnProducts());
    rewritten.assertOperators("Gemm", "Transpose").assertSameValues();
    assertThat(products(rewritten, 0).products()).hasSize(3);
    assertThat(products(rewritten, 0).fromRows()).isFalse();
  }

  @Test
  void aChainOfTurnedRowsTakesThemAsTheyAre() {
    Rewritten rewritten = Rewritten.by(laid(layers()), new FuseColumnProducts());
    rewritten.assertOperators("Gemm", "Transpose").assertSameValues();
    assertThat(products(rewritten, 0).fromRows()).isTrue();
  }

  @Test
  void aTranspositionOfTheModelsOwnStaysBeforeAChain() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", 20, "N")
            .weights("w1", 20, 30)
            .weights("w2", 30, 1)
            .node("Transpose", "t", "x")
            .node("MatMul", "h", "t", "w1")
            .node("MatMul", "y", "h", "w2")
            .output("y");
    Rewritten.by(laid(graph), new FuseColumnProducts())
        .assertOperators("Transpose", "Gemm", "Transpose")
        .assertSameValues();
  }

  @Test
  void aValueThatIsAnOutputTooEndsAChain() {
    Rewritten rewritten = Rewritten.by(laid(layers().output("h2"), "x"), new FuseColumnProducts());
    rewritten.assertSameValues();
    List<Integer> lengths =
        rewritten.graph().nodes().stream()
            .map(Node::operator)
            .filter(ColumnProducts.class::isInstance)
            .map(operator -> ((ColumnProducts) operator).products().size())
            .toList();
    assertThat(lengths).containsExactly(2);
  }

  @Test
  void aProductAloneIsLeft() {
    TestGraph one =
        new TestGraph(13)
            .input("x", "N", 20)
            .weights("w", 20, 3)
            .node("MatMul", "y", "x", "w")
            .output("y");
    Rewritten.by(laid(one, "x"), new FuseColumnProducts()).assertUnchanged();
  }
}
