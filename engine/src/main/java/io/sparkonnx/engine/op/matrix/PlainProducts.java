package io.sparkonnx.engine.op.matrix;

import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.IntTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * Products of double and integer matrices: every element is one sum ascending in k. Integers wrap.
 */
final class PlainProducts {
  private PlainProducts() {}

  /**
   * A matrix inside a tensor: element (i, j) lies at {@code start + i·rowStride + j·columnStride}
   * behind the tensor's offset.
   */
  record Matrix(Tensor tensor, int start, int rowStride, int columnStride) {
    int at(int row) {
      return tensor.offset() + start + row * rowStride;
    }
  }

  /** C[m, n] = A[m, k]·B[k, n]; C is written from {@code cStart} row by row. */
  static void multiply(int m, int n, int k, Matrix a, Matrix b, Tensor c, int cStart) {
    for (int i = 0; i < m; i++) {
      int to = c.offset() + cStart + i * n;
      if (c instanceof DoubleTensor doubles) {
        row(n, k, a, i, b, doubles.array(), to);
      } else if (c instanceof LongTensor longs) {
        row(n, k, a, i, b, longs.array(), to);
      } else {
        row(n, k, a, i, b, ((IntTensor) c).array(), to);
      }
    }
  }

  private static void row(int n, int k, Matrix a, int i, Matrix b, double[] c, int to) {
    double[] left = ((DoubleTensor) a.tensor()).array();
    double[] right = ((DoubleTensor) b.tensor()).array();
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (int p = 0; p < k; p++) {
        sum += left[a.at(i) + p * a.columnStride()] * right[b.at(p) + j * b.columnStride()];
      }
      c[to + j] = sum;
    }
  }

  private static void row(int n, int k, Matrix a, int i, Matrix b, long[] c, int to) {
    long[] left = ((LongTensor) a.tensor()).array();
    long[] right = ((LongTensor) b.tensor()).array();
    for (int j = 0; j < n; j++) {
      long sum = 0;
      for (int p = 0; p < k; p++) {
        sum += left[a.at(i) + p * a.columnStride()] * right[b.at(p) + j * b.columnStride()];
      }
      c[to + j] = sum;
    }
  }

  private static void row(int n, int k, Matrix a, int i, Matrix b, int[] c, int to) {
    int[] left = ((IntTensor) a.tensor()).array();
    int[] right = ((IntTensor) b.tensor()).array();
    for (int j = 0; j < n; j++) {
      int sum = 0;
      for (int p = 0; p < k; p++) {
        sum += left[a.at(i) + p * a.columnStride()] * right[b.at(p) + j * b.columnStride()];
      }
      c[to + j] = sum;
    }
  }
}
