package io.sparkonnx.engine.op.reduce;

import static io.sparkonnx.engine.op.OperatorTable.ONNX;

import io.sparkonnx.engine.op.OperatorTable;

/** Reductions, positions of extremes, softmax and its kin. */
public final class ReduceOperators {
  private ReduceOperators() {}

  public static void register(OperatorTable table) {
    reduce(table, "ReduceSum", Reduction.SUM, 13);
    reduce(table, "ReduceMean", Reduction.MEAN, 18);
    reduce(table, "ReduceMax", Reduction.MAX, 18);
    reduce(table, "ReduceMin", Reduction.MIN, 18);
    reduce(table, "ReduceProd", Reduction.PROD, 18);
    reduce(table, "ReduceSumSquare", Reduction.SUM_SQUARE, 18);
    reduce(table, "ReduceL1", Reduction.L1, 18);
    reduce(table, "ReduceL2", Reduction.L2, 18);
    reduce(table, "ReduceLogSum", Reduction.LOG_SUM, 18);
    reduce(table, "ReduceLogSumExp", Reduction.LOG_SUM_EXP, 18);
    table
        .add(ONNX, "ArgMax", 1, a -> ArgExtreme.of("ArgMax", true, a))
        .add(ONNX, "ArgMin", 1, a -> ArgExtreme.of("ArgMin", false, a));
    rows(table, "Softmax", RowFunction.SOFTMAX);
    rows(table, "LogSoftmax", RowFunction.LOG_SOFTMAX);
    rows(table, "Hardmax", RowFunction.HARDMAX);
  }

  /** The axes are an attribute before opset {@code axesInput}, then an input. */
  private static void reduce(OperatorTable table, String type, Reduction f, int axesInput) {
    table
        .add(
            ONNX,
            type,
            1,
            a -> new Reduce(type, f, ReducedAxes.fromAttribute(a), a.flag("keepdims", true)))
        .add(
            ONNX,
            type,
            axesInput,
            a -> new Reduce(type, f, ReducedAxes.fromInput(a), a.flag("keepdims", true)));
  }

  private static void rows(OperatorTable table, String type, RowFunction f) {
    table
        .add(ONNX, type, 1, a -> Normalized.asMatrix(type, f, a))
        .add(ONNX, type, 13, a -> Normalized.alongAxis(type, f, a));
  }
}
