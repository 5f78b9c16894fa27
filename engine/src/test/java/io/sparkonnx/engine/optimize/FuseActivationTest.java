package io.sparkonnx.engine.optimize;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FuseActivationTest {
  private static final Rewrite FUSE = new FuseActivation();

  private static TestGraph gemm() {
    return new TestGraph(13)
        .input("x", "N", 5)
        .weights("w", 5, 17)
        .weights("c", 17)
        .constant("low", Tensor.of(new float[] {-0.5f}))
        .constant("high", Tensor.of(new float[] {0.25f}))
        .node("Gemm", "p", "x", "w", "c");
  }

  @Test
  void fusesReluIntoGemm() {
    Rewritten.by(gemm().node("Relu", "y", "p").output("y"), FUSE)
        .assertOperators("Gemm")
        .assertSameValues();
  }

  @Test
  void fusesClipWithConstantBounds() {
    Rewritten.by(gemm().node("Clip", "y", "p", "low", "high").output("y"), FUSE)
        .assertOperators("Gemm")
        .assertSameValues();
  }

  @Test
  void keepsClipWithGivenBounds() {
    Rewritten.by(gemm().input("bound").node("Clip", "y", "p", "bound").output("y"), FUSE)
        .assertUnchanged();
  }

  @Test
  void keepsTheSecondOfTwoFunctions() {
    Rewritten.by(gemm().node("Relu", "r", "p").node("Tanh", "y", "r").output("y"), FUSE)
        .assertOperators("Gemm", "Tanh")
        .assertSameValues();
  }

  @Test
  void keepsAFunctionOfAnOutput() {
    Rewritten.by(gemm().node("Relu", "y", "p").output("y", "p"), FUSE).assertUnchanged();
  }

  @Test
  void keepsAFunctionOfAValueReadTwice() {
    Rewritten.by(gemm().node("Relu", "y", "p").node("Neg", "z", "p").output("y", "z"), FUSE)
        .assertUnchanged();
  }

  @Test
  void keepsAFunctionWithoutAKernel() {
    Rewritten.by(gemm().node("Atan", "y", "p").output("y"), FUSE).assertUnchanged();
  }

  @Test
  void keepsDoubles() {
    TestGraph graph =
        new TestGraph(13)
            .input("a", ElementType.DOUBLE, "N", 5)
            .input("b", ElementType.DOUBLE, 5, 2)
            .node("MatMul", "p", "a", "b")
            .node("Relu", "y", "p")
            .output("y");
    Rewritten.by(graph, FUSE).assertUnchanged();
  }

  @Test
  void fusesIntoConvMatMulAndAffine() {
    TestGraph graph =
        new TestGraph(13)
            .input("x", "N", 3, 8, 8)
            .weights("w", 4, 3, 3, 3)
            .weights("scale", 4)
            .positive("variance", 4)
            .weights("v", 6, 5)
            .node("Conv", "c", "x", "w")
            .node("LeakyRelu", Map.of("alpha", 0.3f), List.of("l"), "c")
            .node("BatchNormalization", "n", "l", "scale", "scale", "scale", "variance")
            .node("Sigmoid", "s", "n")
            .node("MatMul", "m", "s", "v")
            .node("Tanh", "y", "m")
            .output("y");
    Rewritten.byAll(graph).assertOperators("Conv", "ChannelAffine", "MatMul").assertSameValues();
  }
}
