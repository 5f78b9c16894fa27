package io.sparkonnx.engine.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.op.matrix.FusedAttention;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FuseAttentionTest {
  private static TestGraph factors() {
    return new TestGraph(13)
        .input("q", "N", 2, 5, 7)
        .input("kt", "N", 2, 7, 19)
        .input("v", "N", 2, 19, 4)
        .constant("root", Tensor.of(new float[] {2.5f}));
  }

  private static TestGraph scores() {
    return factors().node("MatMul", "s", "q", "kt");
  }

  private static TestGraph weighted(TestGraph graph, String scores) {
    return graph
        .node("Softmax", Map.of("axis", -1L), List.of("p"), scores)
        .node("MatMul", "y", "p", "v")
        .output("y");
  }

  private static Rewritten fused(TestGraph graph) {
    return Rewritten.by(graph, new FuseAttention());
  }

  private static FusedAttention attention(Rewritten rewritten) {
    int last = rewritten.graph().nodes().size() - 1;
    return (FusedAttention) rewritten.graph().nodes().get(last).operator();
  }

  @Test
  void scoresWithoutStages() {
    fused(weighted(scores(), "s")).assertOperators("FusedAttention").assertSameBits();
  }

  @Test
  void scoresThatAreScaledAndMasked() {
    TestGraph graph =
        scores()
            .input("mask", "N", 1, 1, 19)
            .node("Div", "t", "s", "root")
            .node("Add", "u", "t", "mask");
    Rewritten rewritten = fused(weighted(graph, "u"));
    rewritten.assertOperators("FusedAttention").assertSameBits();
    assertThat(rewritten.graph().nodes().get(0).inputs())
        .containsExactly("q", "kt", "v", "root", "mask");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sub", "Div", "Add", "Mul"})
  void anOperandMayComeFirst(String type) {
    TestGraph graph = scores().weights("mask", 5, 19).node(type, "t", "mask", "s");
    Rewritten rewritten = fused(weighted(graph, "t"));
    rewritten.assertOperators("FusedAttention").assertSameBits();
    assertThat(attention(rewritten).stages().get(0).turned()).isTrue();
  }

  @Test
  void anOperandMayBeAFunctionItself() {
    TestGraph graph =
        scores()
            .weights("low", 19)
            .node("Mul", "mask", "low", "root")
            .node("Add", "t", "mask", "s");
    fused(weighted(graph, "t")).assertOperators("Mul", "FusedAttention").assertSameBits();
  }

  private static Tensor triangle(int rows, int columns) {
    boolean[] tests = new boolean[rows * columns];
    for (int i = 0; i < tests.length; i++) {
      tests[i] = i % columns <= i / columns + 3;
    }
    return Tensor.of(tests, rows, columns);
  }

  @Test
  void scoresThatAreChosenByATest() {
    TestGraph graph =
        scores()
            .constant("test", triangle(5, 19))
            .constant("low", Tensor.of(new float[] {-1e4f}))
            .node("Div", "t", "s", "root")
            .node("Where", "u", "test", "t", "low");
    Rewritten rewritten = fused(weighted(graph, "u"));
    rewritten.assertOperators("FusedAttention").assertSameBits();
    assertThat(rewritten.graph().nodes().get(0).inputs())
        .containsExactly("q", "kt", "v", "root", "low", "test");
  }

  @Test
  void scoresThatAreTakenWhereATestFails() {
    TestGraph graph =
        scores()
            .constant("test", triangle(5, 19))
            .weights("low", 19)
            .node("Where", "t", "test", "low", "s")
            .node("Mul", "u", "t", "root");
    Rewritten rewritten = fused(weighted(graph, "u"));
    rewritten.assertOperators("FusedAttention").assertSameBits();
    assertThat(attention(rewritten).stages().get(0).turned()).isTrue();
  }

  @Test
  void aSecondChoiceStays() {
    TestGraph graph =
        scores()
            .constant("test", triangle(5, 19))
            .weights("low", 19)
            .node("Where", "t", "test", "low", "s")
            .node("Where", "u", "test", "t", "low");
    fused(weighted(graph, "u")).assertUnchanged();
  }

  @Test
  void factorsOfTwoAxes() {
    TestGraph graph =
        new TestGraph(13)
            .input("q", 3, 7)
            .input("kt", 7, 19)
            .input("v", 19, 4)
            .node("MatMul", "s", "q", "kt");
    fused(weighted(graph, "s")).assertOperators("FusedAttention").assertSameBits();
  }

  @Test
  void moreStagesThanTheKernelHasStay() {
    TestGraph graph =
        scores()
            .node("Mul", "a", "s", "root")
            .node("Mul", "b", "a", "root")
            .node("Mul", "c", "b", "root");
    fused(weighted(graph, "c")).assertUnchanged();
  }

  @Test
  void scoresThatSomebodyElseReadsStay() {
    fused(weighted(scores().output("s"), "s")).assertUnchanged();
    fused(weighted(scores(), "s").output("p")).assertUnchanged();
    fused(weighted(scores().node("Relu", "r", "s").output("r"), "s")).assertUnchanged();
  }

  @Test
  void aSoftmaxAlongAnotherAxisStays() {
    TestGraph graph = scores().node("Softmax", Map.of("axis", 2L), List.of("p"), "s");
    fused(graph.node("MatMul", "y", "p", "v").output("y")).assertUnchanged();
  }

  @Test
  void anotherNormalisationStays() {
    TestGraph graph = scores().node("LogSoftmax", Map.of("axis", -1L), List.of("p"), "s");
    fused(graph.node("MatMul", "y", "p", "v").output("y")).assertUnchanged();
  }

  @Test
  void anOperandThatIsLargerThanTheScoresStays() {
    TestGraph graph =
        new TestGraph(13)
            .input("q", 1, 5, 7)
            .input("kt", 1, 7, 19)
            .input("v", 3, 19, 4)
            .weights("mask", 3, 5, 19)
            .node("MatMul", "s", "q", "kt")
            .node("Add", "t", "s", "mask");
    fused(weighted(graph, "t")).assertUnchanged();
  }

  @Test
  void factorsThatAreBroadcastStay() {
    TestGraph graph =
        new TestGraph(13)
            .input("q", "N", 2, 5, 7)
            .input("kt", 7, 19)
            .input("v", "N", 2, 19, 4)
            .node("MatMul", "s", "q", "kt");
    fused(weighted(graph, "s")).assertUnchanged();
  }

  @Test
  void weightsBehindTheirValuesStay() {
    TestGraph graph =
        factors()
            .input("w", "N", 2, 4, 5)
            .node("MatMul", "s", "q", "kt")
            .node("Softmax", Map.of("axis", -1L), List.of("p"), "s")
            .node("MatMul", "y", "w", "p")
            .output("y");
    fused(graph).assertUnchanged();
  }
}
