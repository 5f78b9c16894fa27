package io.sparkonnx.engine.op.reduce;

import io.sparkonnx.engine.tensor.Tensor;

/**
 * A tensor seen as [outer, length, inner] around the axis or axes that an operator works along.
 *
 * @param outer elements before the axis
 * @param length elements along it
 * @param inner elements behind it
 */
record Split(int outer, int length, int inner) {
  /** Around the axes from {@code from} to before {@code to}. */
  static Split of(Tensor x, int from, int to) {
    int outer = 1;
    int length = 1;
    int inner = 1;
    for (int i = 0; i < x.rank(); i++) {
      if (i < from) {
        outer *= x.dim(i);
      } else if (i < to) {
        length *= x.dim(i);
      } else {
        inner *= x.dim(i);
      }
    }
    return new Split(outer, length, inner);
  }

  /** The same for lengths of axes. */
  static Split of(int[] dims, int from, int to) {
    int[] parts = {1, 1, 1};
    for (int i = 0; i < dims.length; i++) {
      parts[i < from ? 0 : i < to ? 1 : 2] *= dims[i];
    }
    return new Split(parts[0], parts[1], parts[2]);
  }
}
