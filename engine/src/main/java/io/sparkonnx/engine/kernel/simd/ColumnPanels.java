package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;
import static io.sparkonnx.engine.kernel.simd.Tiles.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * Columns cut into panels of {@link Tiles#WIDTH}: element (p, j) lies at {@code (j / WIDTH)·k·WIDTH
 * + p·WIDTH + j mod WIDTH}; the last panel is filled up with zeros.
 */
final class ColumnPanels {
  private static final int TABLE = 512;

  private static final int[] STEPS = steps(new int[TABLE], TABLE, WIDTH);

  private ColumnPanels() {}

  /** Where steps begin within a panel, for blocks of at most {@value #TABLE} steps. */
  static int[] steps() {
    return STEPS;
  }

  /** Fills a table of steps {@code stride} apart. */
  static int[] steps(int[] table, int k, int stride) {
    for (int p = 0; p < k; p++) {
      table[p] = p * stride;
    }
    return table;
  }

  static int length(int k, int n) {
    return Math.multiplyExact(k, Math.multiplyExact((n + WIDTH - 1) / WIDTH, WIDTH));
  }

  /** Packs {@code b[k, n]} into panels from {@code to} on. */
  static void pack(
      int k,
      int n,
      float[] b,
      int offset,
      int rowStride,
      int columnStride,
      float[] panels,
      int to) {
    for (int j = 0; j < n; j += WIDTH) {
      int columns = Math.min(WIDTH, n - j);
      int from = offset + j * columnStride;
      int target = to + j * k;
      if (columnStride == 1) {
        packRows(k, columns, b, from, rowStride, panels, target);
      } else {
        packColumns(k, columns, b, from, rowStride, columnStride, panels, target);
      }
    }
  }

  private static void packRows(
      int k, int columns, float[] b, int offset, int rowStride, float[] panel, int to) {
    for (int p = 0; p < k; p++) {
      int target = to + p * WIDTH;
      int source = offset + p * rowStride;
      if (columns == WIDTH) {
        FloatVector.fromArray(FLOATS, b, source).intoArray(panel, target);
        FloatVector.fromArray(FLOATS, b, source + COUNT).intoArray(panel, target + COUNT);
        continue;
      }
      System.arraycopy(b, source, panel, target, columns);
      for (int j = columns; j < WIDTH; j++) {
        panel[target + j] = 0f;
      }
    }
  }

  private static void packColumns(
      int k,
      int columns,
      float[] b,
      int offset,
      int rowStride,
      int columnStride,
      float[] panel,
      int to) {
    Interleaving.rows(columns, k, b, offset, columnStride, rowStride, panel, to, WIDTH);
    for (int j = columns; j < WIDTH; j++) {
      for (int p = 0; p < k; p++) {
        panel[to + p * WIDTH + j] = 0f;
      }
    }
  }
}
