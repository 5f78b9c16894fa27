package io.sparkonnx.arrow.column;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.Tensor;

/** The engine's results as columns, over the same arrays where the layout allows. */
public final class Columns {
  private Columns() {}

  /**
   * A tensor [N] or [N, …] or a sequence of N maps over the same keys as a column of N rows without
   * NULLs; trailing dimensions become lists of fixed sizes.
   *
   * @throws OnnxException if the value has no rows: a scalar, an optional, another sequence
   */
  public static Column of(OnnxValue value) {
    if (value instanceof SequenceValue sequence && sequence.isMaps()) {
      return Maps.of(sequence);
    }
    if (value instanceof Tensor tensor && tensor.rank() > 0) {
      Column column = new Elements(tensor.reshaped(tensor.size()), RowMask.none(tensor.size()));
      int[] dims = tensor.dims();
      for (int axis = dims.length - 1; axis > 0; axis--) {
        int rows = 1;
        for (int outer = 0; outer < axis; outer++) {
          rows *= dims[outer];
        }
        column = new FixedLists(dims[axis], column, RowMask.none(rows));
      }
      return column;
    }
    throw new OnnxException(
        OnnxException.Code.INVALID_INPUT,
        "a column is a tensor [N, …] or a sequence of maps over the same keys, not " + value);
  }
}
