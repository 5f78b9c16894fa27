package io.sparkonnx.engine.kernel.simd;

/**
 * Rows cut into tiles of the heights that {@link Tiles#height} gives. The tile that starts at row
 * {@code i} lies from {@code i·k} on, step after step, its rows side by side.
 */
final class RowPanels {
  private RowPanels() {}

  /** Packs rows {@code [0, rows)} and steps {@code [0, k)} of a matrix into panels. */
  static void pack(
      int rows,
      int k,
      float[] a,
      int offset,
      int rowStride,
      int columnStride,
      float[] panels,
      int panelsOffset) {
    int height;
    for (int i = 0; i < rows; i += height) {
      height = Tiles.height(rows - i);
      int from = offset + i * rowStride;
      int to = panelsOffset + i * k;
      packTile(height, k, a, from, rowStride, columnStride, panels, to);
    }
  }

  /** Packs the rows of one tile. */
  static void packTile(
      int height,
      int k,
      float[] a,
      int offset,
      int rowStride,
      int columnStride,
      float[] panel,
      int to) {
    if (rowStride == 1) {
      packColumns(height, k, a, offset, columnStride, panel, to);
    } else {
      packRows(height, k, a, offset, rowStride, columnStride, panel, to);
    }
  }

  private static void packColumns(
      int height, int k, float[] a, int offset, int columnStride, float[] panel, int to) {
    for (int p = 0; p < k; p++) {
      int from = offset + p * columnStride;
      int target = to + p * height;
      for (int i = 0; i < height; i++) {
        panel[target + i] = a[from + i];
      }
    }
  }

  private static void packRows(
      int height,
      int k,
      float[] a,
      int offset,
      int rowStride,
      int columnStride,
      float[] panel,
      int to) {
    int i = 0;
    for (; i + 2 <= height; i += 2) {
      int from = offset + i * rowStride;
      if (columnStride == 1) {
        packTwoRows(height, k, a, from, from + rowStride, panel, to + i);
      } else {
        packRow(height, k, a, from, columnStride, panel, to + i);
        packRow(height, k, a, from + rowStride, columnStride, panel, to + i + 1);
      }
    }
    if (i < height) {
      packRow(height, k, a, offset + i * rowStride, columnStride, panel, to + i);
    }
  }

  private static void packTwoRows(
      int height, int k, float[] a, int first, int second, float[] panel, int to) {
    int target = to;
    for (int p = 0; p < k; p++) {
      panel[target] = a[first + p];
      panel[target + 1] = a[second + p];
      target += height;
    }
  }

  private static void packRow(
      int height, int k, float[] a, int offset, int columnStride, float[] panel, int to) {
    for (int p = 0; p < k; p++) {
      panel[to + p * height] = a[offset + p * columnStride];
    }
  }
}
