package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Tiles.WIDTH;

import io.sparkonnx.engine.kernel.GemmKernel.PackedA;
import io.sparkonnx.engine.kernel.Scratch;

/**
 * Products with a constant left factor, such as a layer's weights times features by columns. A lies
 * in row panels, and the columns of B are copied in straight pieces: nothing is interleaved per
 * call.
 */
final class LeftGemm {
  /** Steps per block: a row panel this long stays in the first-level cache. */
  private static final int BLOCK_STEPS = 256;

  /** Elements of B that stay in the first-level cache while A goes by. */
  private static final int BLOCK_ELEMENTS = 8 * 1024;

  private final SimdEpilogue epilogues;

  LeftGemm(SimdEpilogue epilogues) {
    this.epilogues = epilogues;
  }

  /**
   * A in row panels of all {@code k} steps.
   *
   * @param panels ends with elements that fill up the last vector read
   */
  private record Panels(int m, int k, float[] panels) implements PackedA {
    @Override
    public long bytes() {
      return 4L * panels.length;
    }
  }

  static PackedA pack(float[] a, int offset, int m, int k, int rowStride, int columnStride) {
    float[] panels = new float[Math.addExact(Math.multiplyExact(m, k), COUNT)];
    RowPanels.pack(m, k, a, offset, rowStride, columnStride, panels, 0);
    return new Panels(m, k, panels);
  }

  void multiply(
      PackedA a,
      int n,
      float[] b,
      int bOffset,
      int bRowStride,
      SimdGemm.Output output,
      Scratch scratch) {
    if (n <= FewColumns.MOST) {
      float[] lanes = scratch.floats(2, 4 * COUNT);
      few(a, n, b, bOffset, bRowStride, output, lanes);
      return;
    }
    Panels left = (Panels) a;
    int k = left.k();
    float[] edge = scratch.floats(2, Tiles.MAX_HEIGHT * WIDTH);
    int width = Math.max(1, BLOCK_ELEMENTS / (Math.max(1, Math.min(k, BLOCK_STEPS)) * WIDTH));
    width *= WIDTH;
    for (int j0 = 0; j0 < n; j0 += width) {
      int columns = Math.min(width, n - j0);
      int p0 = 0;
      do {
        int steps = Math.min(BLOCK_STEPS, k - p0);
        float[] right = scratch.floats(1, ColumnPanels.length(steps, columns));
        int from = bOffset + p0 * bRowStride + j0;
        ColumnPanels.pack(steps, columns, b, from, bRowStride, 1, right, 0);
        block(left, p0, steps, right, 0, j0, columns, output, edge);
        p0 += steps;
      } while (p0 < k);
    }
  }

  /**
   * A product with at most {@link FewColumns#MOST} columns.
   *
   * @param lanes working memory for four vectors
   */
  void few(
      PackedA a,
      int n,
      float[] b,
      int bOffset,
      int bRowStride,
      SimdGemm.Output output,
      float[] lanes) {
    Panels left = (Panels) a;
    FewColumns.multiply(
        left.m(), n, left.k(), left.panels(), b, bOffset, bRowStride, output, lanes);
    epilogues.apply(output, 0, left.m(), 0, n);
  }

  /**
   * A product with the first columns of one panel, from {@code column} of the output on.
   *
   * @param panel all steps of a panel as {@link ColumnPanels} lays them out
   * @param edge working memory for the highest tile
   */
  void panel(
      PackedA a, float[] panel, int column, int columns, SimdGemm.Output output, float[] edge) {
    Panels left = (Panels) a;
    int p0 = 0;
    do {
      int steps = Math.min(BLOCK_STEPS, left.k() - p0);
      block(left, p0, steps, panel, p0 * WIDTH, column, columns, output, edge);
      p0 += steps;
    } while (p0 < left.k());
  }

  /** Some steps of some columns, finished with the last step. */
  private void block(
      Panels left,
      int firstStep,
      int steps,
      float[] right,
      int rightOffset,
      int column,
      int columns,
      SimdGemm.Output output,
      float[] edge) {
    int k = left.k();
    int height;
    for (int i = 0; i < left.m(); i += height) {
      height = Tiles.height(left.m() - i);
      Strips.overPanels(
          height,
          columns,
          steps,
          left.panels(),
          i * k + firstStep * height,
          right,
          rightOffset,
          steps * WIDTH,
          ColumnPanels.steps(),
          firstStep == 0,
          output.c(),
          output.offset() + i * output.rowStride() + column,
          output.rowStride(),
          edge);
      if (firstStep + steps == k) {
        epilogues.apply(output, i, height, column, columns);
      }
    }
  }
}
