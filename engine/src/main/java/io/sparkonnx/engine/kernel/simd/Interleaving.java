package io.sparkonnx.engine.kernel.simd;

/**
 * Lays rows of a matrix side by side, and takes them apart: element (i, p) goes to {@code panel[to
 * + p·pitch + i]}.
 */
final class Interleaving {
  private Interleaving() {}

  /** Interleaves {@code rows} rows of {@code k} elements. */
  static void rows(
      int rows,
      int k,
      float[] a,
      int offset,
      int rowStride,
      int columnStride,
      float[] panel,
      int to,
      int pitch) {
    if (rowStride == 1) {
      copyColumns(rows, k, a, offset, columnStride, panel, to, pitch);
      return;
    }
    int i = 0;
    if (columnStride == 1) {
      for (; i + 2 <= rows; i += 2) {
        int from = offset + i * rowStride;
        two(k, a, from, from + rowStride, panel, to + i, pitch);
      }
    }
    for (; i < rows; i++) {
      one(k, a, offset + i * rowStride, columnStride, panel, to + i, pitch);
    }
  }

  /**
   * Takes interleaved rows apart: element (i, p) goes from {@code panel[from + p·rows + i]} to
   * {@code y[to + i·rowStride + p]}. The number of rows must be even.
   */
  static void separate(int rows, int k, float[] panel, int from, float[] y, int to, int rowStride) {
    for (int i = 0; i < rows; i += 2) {
      int first = to + i * rowStride;
      separateTwo(rows, k, panel, from + i, y, first, first + rowStride);
    }
  }

  private static void separateTwo(
      int pitch, int k, float[] panel, int from, float[] y, int first, int second) {
    int source = from;
    for (int p = 0; p < k; p++) {
      y[first + p] = panel[source];
      y[second + p] = panel[source + 1];
      source += pitch;
    }
  }

  private static void copyColumns(
      int rows, int k, float[] a, int offset, int columnStride, float[] panel, int to, int pitch) {
    for (int p = 0; p < k; p++) {
      int from = offset + p * columnStride;
      int target = to + p * pitch;
      for (int i = 0; i < rows; i++) {
        panel[target + i] = a[from + i];
      }
    }
  }

  private static void two(
      int k, float[] a, int first, int second, float[] panel, int to, int pitch) {
    int target = to;
    for (int p = 0; p < k; p++) {
      panel[target] = a[first + p];
      panel[target + 1] = a[second + p];
      target += pitch;
    }
  }

  private static void one(
      int k, float[] a, int offset, int columnStride, float[] panel, int to, int pitch) {
    for (int p = 0; p < k; p++) {
      panel[to + p * pitch] = a[offset + p * columnStride];
    }
  }
}
