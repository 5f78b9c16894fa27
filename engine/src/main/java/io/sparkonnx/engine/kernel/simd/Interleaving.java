package io.sparkonnx.engine.kernel.simd;

/** Lays rows of a matrix side by side: element (i, p) goes to {@code panel[to + p·pitch + i]}. */
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
