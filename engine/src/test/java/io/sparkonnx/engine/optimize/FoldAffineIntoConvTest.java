package io.sparkonnx.engine.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FoldAffineIntoConvTest {
  private static final Rewrite[] REWRITES = {
    new FoldBatchNormToAffine(), new FoldAffineIntoConv(), new RemoveDeadNodes()
  };

  private static TestGraph conv(boolean bias) {
    TestGraph graph = new TestGraph(13).input("x", "N", 4, 7, 6).weights("w", 6, 2, 3, 3);
    Map<String, Object> attributes =
        Map.of("group", 2L, "pads", new long[] {1, 1, 1, 1}, "strides", new long[] {2, 1});
    return bias
        ? graph.weights("b", 6).node("Conv", attributes, List.of("c"), "x", "w", "b")
        : graph.node("Conv", attributes, List.of("c"), "x", "w");
  }

  private static TestGraph statistics(TestGraph graph) {
    return graph.weights("scale", 6).weights("shift", 6).weights("mean", 6).positive("variance", 6);
  }

  private static TestGraph norm(TestGraph graph, String output) {
    return statistics(graph)
        .node("BatchNormalization", output, "c", "scale", "shift", "mean", "variance");
  }

  @Test
  void foldsBatchNormalizationBehindABias() {
    Rewritten.by(norm(conv(true), "y").output("y"), REWRITES)
        .assertOperators("Conv")
        .assertSameValues();
  }

  @Test
  void foldsBatchNormalizationWithoutABias() {
    Rewritten.by(norm(conv(false), "y").output("y"), REWRITES)
        .assertOperators("Conv")
        .assertSameValues();
  }

  @Test
  void foldsFactorsAndSummandsPerChannel() {
    TestGraph graph =
        norm(conv(true), "n")
            .weights("factor", 1, 6, 1, 1)
            .weights("summand", 6, 1, 1)
            .positive("divisor", 1)
            .node("Mul", "m", "factor", "n")
            .node("Add", "a", "m", "summand")
            .node("Sub", "s", "summand", "a")
            .node("Div", "y", "s", "divisor")
            .output("y");
    Rewritten.by(graph, REWRITES).assertOperators("Conv").assertSameValues();
  }

  @Test
  void keepsASummandPerPixel() {
    TestGraph graph =
        conv(true).weights("map", 1, 6, 4, 6).node("Add", "y", "c", "map").output("y");
    Rewritten.by(graph, REWRITES).assertUnchanged();
  }

  @Test
  void keepsAConstantThatMakesTheResultLarger() {
    TestGraph graph =
        conv(true).weights("more", 1, 1, 6, 1, 1).node("Mul", "y", "c", "more").output("y");
    Rewritten.by(graph, REWRITES).assertUnchanged();
  }

  @Test
  void keepsADivisorOfZero() {
    TestGraph graph =
        conv(true)
            .constant("zero", Tensor.of(new float[1], 1))
            .node("Div", "y", "c", "zero")
            .output("y");
    Rewritten.by(graph, REWRITES).assertUnchanged();
  }

  @Test
  void keepsAConvolutionThatIsReadTwice() {
    Rewritten rewritten =
        Rewritten.by(norm(conv(true), "y").node("Relu", "z", "c").output("y", "z"), REWRITES);
    assertThat(rewritten.operators()).containsExactlyInAnyOrder("Conv", "ChannelAffine", "Relu");
    rewritten.assertSameValues();
  }

  @Test
  void keepsAConvolutionThatIsAnOutput() {
    Rewritten.by(norm(conv(true), "y").output("y", "c"), REWRITES)
        .assertOperators("Conv", "ChannelAffine")
        .assertSameValues();
  }

  @Test
  void keepsStatisticsThatAreNotConstant() {
    TestGraph graph =
        statistics(conv(true))
            .input("given", 6)
            .node("BatchNormalization", "y", "c", "scale", "shift", "given", "variance")
            .output("y");
    Rewritten.by(graph, REWRITES).assertUnchanged();
  }

  @Test
  void keepsWeightsThatAreNotConstant() {
    TestGraph graph =
        statistics(new TestGraph(13).input("x", "N", 4, 7, 6).input("w", 6, 4, 3, 3))
            .node("Conv", "c", "x", "w")
            .node("BatchNormalization", "y", "c", "scale", "shift", "mean", "variance")
            .output("y");
    Rewritten.by(graph, REWRITES).assertOperators("Conv", "ChannelAffine");
  }
}
