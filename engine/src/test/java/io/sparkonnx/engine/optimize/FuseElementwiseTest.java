package io.sparkonnx.engine.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.op.elementwise.ElementwiseChain;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FuseElementwiseTest {
  private static DeviceInfo device(boolean twofold) {
    return new DeviceInfo(
        "id",
        "name",
        "vendor",
        "1",
        "platform",
        DeviceInfo.Kind.GPU,
        1L << 30,
        1L << 28,
        1 << 15,
        8,
        256,
        false,
        twofold,
        true,
        true);
  }

  private static Rewritten fused(TestGraph graph) {
    return Rewritten.by(graph, new FuseElementwise(device(true)));
  }

  private static TestGraph images() {
    return new TestGraph(13).input("x", "N", 3, 4, 5);
  }

  private static int stages(Rewritten rewritten, int node) {
    ElementwiseChain chain = (ElementwiseChain) rewritten.graph().nodes().get(node).operator();
    return chain.chain().stages().size();
  }

  @Test
  void functionsOfEachOtherBecomeOneNode() {
    Rewritten rewritten =
        fused(
            images()
                .weights("a", 3, 1, 1)
                .weights("b", 5)
                .node("Mul", "m", "x", "a")
                .node("Add", "s", "m", "b")
                .node("Tanh", "t", "s")
                .node("Abs", "y", "t")
                .output("y"));
    rewritten.assertOperators("ElementwiseChain").assertSameValues();
    assertThat(stages(rewritten, 0)).isEqualTo(4);
    assertThat(rewritten.graph().nodes().get(0).inputs()).containsExactly("x", "a", "b");
  }

  @Test
  void branchesThatMeetAreTakenIn() {
    Rewritten rewritten =
        fused(
            images()
                .input("z", "N", 3, 4, 5)
                .node("Tanh", "a", "x")
                .node("Sigmoid", "b", "z")
                .node("Mul", "y", "a", "b")
                .output("y"));
    rewritten.assertOperators("ElementwiseChain").assertSameValues();
    assertThat(stages(rewritten, 0)).isEqualTo(3);
  }

  @Test
  void aValueThatTheChainAloneReadsTwiceIsTakenIn() {
    Rewritten rewritten =
        fused(
            images()
                .node("Neg", "a", "x")
                .node("Exp", "b", "a")
                .node("Mul", "c", "a", "b")
                .node("Add", "y", "c", "a")
                .output("y"));
    rewritten.assertOperators("ElementwiseChain").assertSameValues();
    assertThat(stages(rewritten, 0)).isEqualTo(4);
  }

  @Test
  void aValueThatAnotherNodeReadsStays() {
    fused(
            images()
                .node("Neg", "a", "x")
                .node("Exp", "b", "a")
                .node("GlobalMaxPool", "g", "a")
                .node("Abs", "c", "b")
                .output("g", "c"))
        .assertOperators("Neg", "GlobalMaxPool", "ElementwiseChain")
        .assertSameValues();
  }

  @Test
  void anOutputOfTheModelStays() {
    fused(images().node("Neg", "a", "x").node("Exp", "b", "a").output("a", "b")).assertUnchanged();
  }

  @Test
  void aFunctionAloneStays() {
    fused(images().node("Neg", "y", "x").output("y")).assertUnchanged();
  }

  @Test
  void aSumOfThreeIsAChainOfTwo() {
    Rewritten rewritten =
        fused(
            images()
                .weights("a", 5)
                .weights("b", 3, 1, 1)
                .node("Sum", "y", "x", "a", "b")
                .output("y"));
    rewritten.assertOperators("ElementwiseChain").assertSameValues();
    assertThat(stages(rewritten, 0)).isEqualTo(2);
  }

  @Test
  void aMeanStays() {
    fused(
            images()
                .input("z", "N", 3, 4, 5)
                .node("Mean", "m", "x", "z")
                .node("Neg", "y", "m")
                .output("y"))
        .assertUnchanged();
  }

  @Test
  void aSmallerResultStaysOutside() {
    fused(
            images()
                .weights("a", 5)
                .input("b", 5)
                .node("Exp", "e", "b")
                .node("Mul", "m", "x", "e")
                .node("Add", "y", "m", "a")
                .output("y"))
        .assertOperators("Exp", "ElementwiseChain")
        .assertSameValues();
  }

  @Test
  void axesWithAGapStayOutside() {
    fused(
            images()
                .weights("a", 3, 1, 5)
                .node("Mul", "m", "x", "a")
                .node("Neg", "y", "m")
                .output("y"))
        .assertUnchanged();
  }

  @Test
  void boundsOfAClipAreParameters() {
    Rewritten rewritten =
        fused(
            images()
                .constant("low", Tensor.of(new float[] {-0.5f}))
                .node("Neg", "a", "x")
                .node("Clip", "y", "a", "low")
                .output("y"));
    rewritten.assertOperators("ElementwiseChain").assertSameValues();
    assertThat(rewritten.graph().nodes().get(0).inputs()).containsExactly("x");
  }

  @Test
  void aNormalisedBatchWithItsActivationIsAChain() {
    TestGraph graph =
        images()
            .positive("scale", 3)
            .weights("bias", 3)
            .weights("mean", 3)
            .positive("var", 3)
            .node("BatchNormalization", "n", "x", "scale", "bias", "mean", "var")
            .node("Relu", "y", "n")
            .output("y");
    Rewritten rewritten =
        Rewritten.by(Optimizer.optimize(graph.build()), new FuseElementwise(device(true)));
    rewritten.assertOperators("ElementwiseChain").assertSameValues();
    assertThat(stages(rewritten, 0)).isEqualTo(2);
  }

  @Test
  void powersAndSlopesAreFunctionsOfTwo() {
    Rewritten rewritten =
        fused(
            images()
                .constant("e", Tensor.of(new float[] {3f}))
                .weights("s", 3, 1, 1)
                .node("Pow", "p", "x", "e")
                .node("PRelu", "y", "p", "s")
                .output("y"));
    rewritten.assertOperators("ElementwiseChain").assertSameValues();
  }

  @Test
  void whatADeviceWithoutDoublesLacksStaysOutside() {
    TestGraph graph =
        images()
            .node("Neg", "a", "x")
            .node("Exp", "b", "a")
            .node("Sin", "c", "b")
            .node("Abs", "d", "c")
            .node("Neg", "y", "d")
            .output("y");
    Rewritten.by(graph, new FuseElementwise(device(false)))
        .assertOperators("ElementwiseChain", "Sin", "ElementwiseChain")
        .assertSameValues();
  }

  @Test
  void aLongRowOfFunctionsIsCut() {
    TestGraph graph = images();
    String last = "x";
    for (int i = 0; i < 40; i++) {
      graph.node("Softsign", "v" + i, last);
      last = "v" + i;
    }
    Rewritten rewritten = fused(graph.output(last));
    rewritten.assertOperators("ElementwiseChain", "ElementwiseChain").assertSameValues();
    assertThat(List.of(stages(rewritten, 0), stages(rewritten, 1))).containsExactly(8, 32);
  }

  @Test
  void integersStay() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", ElementType.INT64, "N")
            .node("Neg", "a", "x")
            .node("Abs", "y", "a")
            .output("y");
    fused(graph).assertUnchanged();
  }

  @Test
  void attributesAreKept() {
    Rewritten rewritten =
        fused(
            images()
                .node("LeakyRelu", Map.of("alpha", 0.3f), List.of("a"), "x")
                .node("Elu", Map.of("alpha", 0.7f), List.of("y"), "a")
                .output("y"));
    rewritten.assertOperators("ElementwiseChain").assertSameValues();
  }
}
