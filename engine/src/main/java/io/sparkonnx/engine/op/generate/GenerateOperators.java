package io.sparkonnx.engine.op.generate;

import static io.sparkonnx.engine.op.OperatorTable.ONNX;

import io.sparkonnx.engine.op.OperatorTable;

/** The family of operators that make tensors from attributes, shapes or scalars. */
public final class GenerateOperators {
  private GenerateOperators() {}

  public static void register(OperatorTable table) {
    table
        .add(ONNX, "Constant", 1, Constant::of)
        .add(ONNX, "ConstantOfShape", 9, ConstantOfShape::of)
        .add(ONNX, "EyeLike", 9, EyeLike::of)
        .add(ONNX, "Range", 11, Range::of);
  }
}
