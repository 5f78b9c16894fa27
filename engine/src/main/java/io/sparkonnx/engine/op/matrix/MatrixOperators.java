package io.sparkonnx.engine.op.matrix;

import static io.sparkonnx.engine.op.OperatorTable.ONNX;

import io.sparkonnx.engine.op.OperatorTable;

/** Products of matrices. */
public final class MatrixOperators {
  private MatrixOperators() {}

  public static void register(OperatorTable table) {
    table
        .add(ONNX, "Gemm", 1, Gemm::legacy)
        .add(ONNX, "Gemm", 7, Gemm::of)
        .add(ONNX, "MatMul", 1, MatMul::of);
  }
}
