package io.sparkonnx.engine.op.matrix;

import io.sparkonnx.engine.op.StepContext;
import java.util.Arrays;

/**
 * The products that one MatMul consists of. Where all rows of A meet the same B, the leading axes
 * are rows too and there is one product.
 *
 * @param m rows of A and Y in one product
 * @param n columns of B and Y
 * @param k columns of A, rows of B
 * @param aIndex for each product, which matrix of A
 * @param bIndex for each product, which matrix of B
 */
record MatMulShape(int m, int n, int k, int[] aIndex, int[] bIndex) {
  private static final int[] ONE = {0};

  /**
   * The products of a step, found once for its shapes.
   *
   * @param b shape of the right factor; null where it is input 1
   */
  static MatMulShape of(StepContext context, int[] b) {
    MatMulShape shape = (MatMulShape) context.kept();
    if (shape == null) {
      shape = of(context.input(0).dims(), b == null ? context.input(1).dims() : b);
      context.keep(shape);
    }
    return shape;
  }

  static MatMulShape of(int[] a, int[] b) {
    int k = a[a.length - 1];
    int n = b.length == 1 ? 1 : b[b.length - 1];
    int m = a.length == 1 ? 1 : a[a.length - 2];
    int[] aLeading = leading(a);
    int[] bLeading = leading(b);
    if (Arrays.stream(bLeading).allMatch(length -> length == 1)) {
      int rows = Arrays.stream(aLeading).reduce(m, Math::multiplyExact);
      return new MatMulShape(rows, n, k, ONE, ONE);
    }
    int rank = Math.max(aLeading.length, bLeading.length);
    int[] leading = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      int left = length(aLeading, rank, axis);
      leading[axis] = left == 1 ? length(bLeading, rank, axis) : left;
    }
    return new MatMulShape(m, n, k, indices(leading, aLeading), indices(leading, bLeading));
  }

  private static int[] leading(int[] dims) {
    return Arrays.copyOf(dims, Math.max(0, dims.length - 2));
  }

  private static int length(int[] dims, int rank, int axis) {
    int at = axis - (rank - dims.length);
    return at < 0 ? 1 : dims[at];
  }

  /** For each element of a shape, the element of {@code own} that broadcasting puts there. */
  private static int[] indices(int[] shape, int[] own) {
    int[] indices = new int[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    int block = 1;
    int step = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      int length = length(own, shape.length, axis);
      if (length != 1) {
        for (int i = 0; i < indices.length; i++) {
          indices[i] += i / block % length * step;
        }
        step *= length;
      }
      block *= shape[axis];
    }
    return indices;
  }

  int batches() {
    return aIndex.length;
  }

  /** First element of product {@code batch}'s A behind the tensor's offset. */
  int aStart(int batch) {
    return aIndex[batch] * m * k;
  }

  /** First element of product {@code batch}'s B behind the tensor's offset. */
  int bStart(int batch) {
    return bIndex[batch] * k * n;
  }
}
