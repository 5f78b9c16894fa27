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
      Interleaving.rows(height, k, a, from, rowStride, columnStride, panels, to, height);
    }
  }
}
