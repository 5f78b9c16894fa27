package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Locale;

/** Sparse tensors to dense ones. */
final class SparseTensors {
  private SparseTensors() {}

  /**
   * @param values tensor [N], not of strings
   * @param indices int64 tensor, [N] row-major positions or [N, rank] coordinates
   * @param dims shape of the result
   * @throws io.sparkonnx.engine.OnnxException INVALID_MODEL where the three do not go together
   */
  static Tensor dense(Tensor values, Tensor indices, int[] dims, String what) {
    int count = values.size();
    if (values.type() == ElementType.STRING || values.rank() != 1) {
      throw Refusals.invalid(what + " is sparse with values " + values + ", expected numbers [N]");
    }
    boolean linear = indices.hasDims(count);
    if (indices.type() != ElementType.INT64 || !(linear || indices.hasDims(count, dims.length))) {
      throw Refusals.invalid(
          String.format(
              Locale.ROOT,
              "%s is sparse with indices %s, expected int64[%d] or int64[%d, %d]",
              what,
              indices,
              count,
              count,
              dims.length));
    }
    Tensor dense = Tensor.allocate(values.type(), dims);
    int width = values.type().width();
    for (int i = 0; i < count; i++) {
      long position = linear ? indices.longAt(i) : position(indices, i, dims, what);
      if (position < 0 || position >= dense.size()) {
        throw Refusals.invalid(
            String.format(
                Locale.ROOT,
                "%s is sparse with an element at %d, but has %d",
                what,
                position,
                dense.size()));
      }
      System.arraycopy(values.array(), i * width, dense.array(), (int) position * width, width);
    }
    return dense;
  }

  private static long position(Tensor indices, int row, int[] dims, String what) {
    long position = 0;
    for (int axis = 0; axis < dims.length; axis++) {
      long index = indices.longAt(row * dims.length + axis);
      if (index < 0 || index >= dims[axis]) {
        throw Refusals.invalid(
            String.format(
                Locale.ROOT,
                "%s is sparse with index %d on axis %d of size %d",
                what,
                index,
                axis,
                dims[axis]));
      }
      position = position * dims[axis] + index;
    }
    return position;
  }
}
