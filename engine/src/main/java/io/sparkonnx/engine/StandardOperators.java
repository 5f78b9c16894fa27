package io.sparkonnx.engine;

import io.sparkonnx.engine.op.OperatorTable;
import io.sparkonnx.engine.op.generate.GenerateOperators;
import io.sparkonnx.engine.op.logic.LogicOperators;
import io.sparkonnx.engine.op.math.MathOperators;
import io.sparkonnx.engine.op.matrix.MatrixOperators;
import io.sparkonnx.engine.op.ml.MlOperators;
import io.sparkonnx.engine.op.nn.NnOperators;
import io.sparkonnx.engine.op.reduce.ReduceOperators;
import io.sparkonnx.engine.op.tensor.TensorOperators;

/** Every operator family of this engine. */
final class StandardOperators {
  static final OperatorTable TABLE = new OperatorTable();

  static {
    GenerateOperators.register(TABLE);
    LogicOperators.register(TABLE);
    MathOperators.register(TABLE);
    MatrixOperators.register(TABLE);
    MlOperators.register(TABLE);
    NnOperators.register(TABLE);
    ReduceOperators.register(TABLE);
    TensorOperators.register(TABLE);
  }

  private StandardOperators() {}
}
