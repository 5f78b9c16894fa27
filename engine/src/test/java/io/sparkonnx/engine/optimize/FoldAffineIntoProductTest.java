package io.sparkonnx.engine.optimize;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FoldAffineIntoProductTest {
  private static final Rewrite[] REWRITES = {
    new FoldBatchNormToAffine(), new FoldAffineIntoProduct(), new RemoveDeadNodes()
  };

  private static TestGraph matMul(Object... dims) {
    return new TestGraph(13)
        .input("x", dims)
        .weights("w", 5, 7)
        .weights("bias", 7)
        .positive("factor", 1, 7)
        .node("MatMul", "p", "x", "w");
  }

  @Test
  void givesMatMulABias() {
    Rewritten.by(matMul("N", 5).node("Add", "y", "bias", "p").output("y"), REWRITES)
        .assertOperators("MatMul")
        .assertSameValues();
  }

  @Test
  void givesMatMulOfThreeAxesABias() {
    Rewritten.by(matMul("N", "seq", 5).node("Add", "y", "p", "bias").output("y"), REWRITES)
        .assertOperators("MatMul")
        .assertSameValues();
  }

  @Test
  void scalesTheColumnsOfAConstantFactor() {
    TestGraph graph =
        matMul("N", 5).node("Mul", "m", "p", "factor").node("Sub", "y", "m", "bias").output("y");
    Rewritten.by(graph, REWRITES).assertOperators("MatMul").assertSameValues();
  }

  @Test
  void keepsABiasPerRow() {
    TestGraph graph = matMul(7, 5).weights("rows", 7, 1).node("Add", "y", "p", "rows").output("y");
    Rewritten.by(graph, REWRITES).assertUnchanged();
  }

  @Test
  void keepsAProductThatIsAnOutput() {
    Rewritten.by(matMul("N", 5).node("Add", "y", "p", "bias").output("y", "p"), REWRITES)
        .assertUnchanged();
  }

  @Test
  void keepsAProductThatIsReadTwice() {
    TestGraph graph =
        matMul("N", 5).node("Add", "a", "p", "bias").node("Add", "y", "a", "p").output("y");
    Rewritten.by(graph, REWRITES).assertUnchanged();
  }

  @Test
  void keepsAFactorBehindAProductOfTwoInputs() {
    TestGraph graph =
        new TestGraph(13)
            .input("a", "N", 5)
            .input("b", 5, 7)
            .positive("factor", 7)
            .node("MatMul", "p", "a", "b")
            .node("Mul", "y", "p", "factor")
            .output("y");
    Rewritten.by(graph, REWRITES).assertUnchanged();
  }

  private static TestGraph gemm(boolean transB) {
    Map<String, Object> attributes = Map.of("alpha", 0.5f, "beta", 2f, "transB", transB ? 1L : 0L);
    return new TestGraph(13)
        .input("x", "N", 5)
        .weights("w", transB ? 7 : 5, transB ? 5 : 7)
        .weights("c", 7)
        .weights("bias", 7)
        .weights("mean", 7)
        .positive("variance", 7)
        .node("Gemm", attributes, List.of("p"), "x", "w", "c");
  }

  @Test
  void foldsBatchNormalizationIntoGemm() {
    TestGraph graph =
        gemm(false).node("BatchNormalization", "y", "p", "bias", "c", "mean", "variance");
    Rewritten.by(graph.output("y"), REWRITES).assertOperators("Gemm").assertSameValues();
  }

  @Test
  void foldsBatchNormalizationIntoGemmOfATransposedFactor() {
    TestGraph graph =
        gemm(true).node("BatchNormalization", "y", "p", "bias", "c", "mean", "variance");
    Rewritten.by(graph.output("y"), REWRITES).assertOperators("Gemm").assertSameValues();
  }

  @Test
  void addsToTheBiasOfGemm() {
    Rewritten.by(gemm(true).node("Add", "y", "p", "bias").output("y"), REWRITES)
        .assertOperators("Gemm")
        .assertSameValues();
  }
}
