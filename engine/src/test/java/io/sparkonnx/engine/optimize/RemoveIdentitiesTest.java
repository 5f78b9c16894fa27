package io.sparkonnx.engine.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RemoveIdentitiesTest {
  private static final Rewrite REMOVE = new RemoveIdentities();

  private static TestGraph between(String type, Map<String, Object> attributes, String... more) {
    String[] inputs = new String[1 + more.length];
    inputs[0] = "a";
    System.arraycopy(more, 0, inputs, 1, more.length);
    return new TestGraph(13)
        .input("x", "N", 3)
        .constant("same", Tensor.of(new long[] {0, 3}, 2))
        .constant("other", Tensor.of(new long[] {-1, 1}, 2))
        .node("Relu", "a", "x")
        .node(type, attributes, List.of("b"), inputs)
        .node("Neg", "y", "b")
        .output("y");
  }

  @Test
  void removesIdentity() {
    Rewritten.by(between("Identity", Map.of()), REMOVE)
        .assertOperators("Relu", "Neg")
        .assertSameValues();
  }

  @Test
  void removesDropout() {
    Rewritten.by(between("Dropout", Map.of()), REMOVE)
        .assertOperators("Relu", "Neg")
        .assertSameValues();
  }

  @Test
  void removesCastToTheSameType() {
    Rewritten.by(between("Cast", Map.of("to", 1L)), REMOVE)
        .assertOperators("Relu", "Neg")
        .assertSameValues();
  }

  @Test
  void keepsCastToAnotherType() {
    Rewritten.by(between("Cast", Map.of("to", 11L)), REMOVE).assertUnchanged();
  }

  @Test
  void removesReshapeToTheSameShape() {
    Rewritten.by(between("Reshape", Map.of(), "same"), REMOVE)
        .assertOperators("Relu", "Neg")
        .assertSameValues();
  }

  @Test
  void keepsReshapeToAnotherShape() {
    Rewritten.by(between("Reshape", Map.of(), "other"), REMOVE).assertUnchanged();
  }

  @Test
  void removesTransposeThatMovesNothing() {
    Rewritten.by(between("Transpose", Map.of("perm", new long[] {0, 1})), REMOVE)
        .assertOperators("Relu", "Neg")
        .assertSameValues();
  }

  @Test
  void keepsTransposeOfASquare() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", 3, 3)
            .node("Relu", "a", "x")
            .node("Transpose", "y", "a")
            .output("y");
    Rewritten.by(graph, REMOVE).assertUnchanged();
  }

  @Test
  void givesTheValueTheOutputsName() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", "N", 3)
            .node("Relu", "a", "x")
            .node("Neg", "b", "a")
            .node("Identity", "y", "a")
            .output("b", "y");
    Rewritten.by(graph, REMOVE).assertOperators("Relu", "Neg").assertSameValues();
  }

  @Test
  void keepsIdentityFromInputToOutput() {
    TestGraph graph = new TestGraph(13).input("x", "N", 3).node("Identity", "y", "x").output("y");
    Rewritten.by(graph, REMOVE).assertUnchanged();
  }

  @Test
  void keepsIdentityBetweenTwoOutputs() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", "N", 3)
            .node("Relu", "a", "x")
            .node("Identity", "y", "a")
            .output("a", "y");
    Rewritten.by(graph, REMOVE).assertUnchanged();
  }

  @Test
  void makesAConstantOutputOfAConstant() {
    TestGraph graph = new TestGraph(13).weights("w", 2, 3).node("Identity", "y", "w").output("y");
    Rewritten rewritten = Rewritten.by(graph, REMOVE);
    assertThat(rewritten.graph().constants()).containsKey("y");
  }
}
