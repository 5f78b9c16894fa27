package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Tiles.WIDTH;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.Scratch;

/**
 * Products with fewer columns than a vector has lanes: Cᵀ = Bᵀ·Aᵀ, so that vectors run over the
 * rows of A. A in column-major order is read in place, else its rows are packed as column panels.
 */
final class NarrowGemm {
  private static final int BLOCK_STEPS = 256;

  /** Rows of A per block: a multiple of the tile width whose panels stay in the cache. */
  private static final int BLOCK_ROWS = 8 * WIDTH;

  private final SimdEpilogue epilogues;

  NarrowGemm(SimdEpilogue epilogues) {
    this.epilogues = epilogues;
  }

  /**
   * Multiplies a row-major A: vectors run over the columns after all, and A is not packed.
   *
   * @param columns B as one column panel
   */
  void multiplyRows(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRowStride,
      float[] columns,
      SimdGemm.Output output,
      Scratch scratch) {
    float[] block = scratch.floats(2, BLOCK_ROWS * COUNT);
    for (int i0 = 0; i0 < m; i0 += BLOCK_ROWS) {
      int rows = Math.min(BLOCK_ROWS, m - i0);
      NarrowRows.multiply(rows, k, a, aOffset + i0 * aRowStride, aRowStride, columns, block);
      epilogues.applyToNarrowRows(output.epilogue(), i0, rows, n, block);
      float[] c = output.c();
      int to = output.offset() + i0 * output.rowStride();
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < n; j++) {
          c[to + j] = block[i * COUNT + j];
        }
        to += output.rowStride();
      }
    }
  }

  /**
   * Multiplies an A with any strides.
   *
   * @param transposed Bᵀ in row panels of all {@code k} steps
   */
  void multiply(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRowStride,
      int aColumnStride,
      float[] transposed,
      SimdGemm.Output output,
      Scratch scratch) {
    float[] strip = scratch.floats(2, n * BLOCK_ROWS);
    boolean inPlace = aRowStride == 1;
    int[] steps = ColumnPanels.steps();
    if (inPlace) {
      steps = ColumnPanels.steps(scratch.ints(k), k, aColumnStride);
    }
    for (int i0 = 0; i0 < m; i0 += BLOCK_ROWS) {
      int rows = Math.min(BLOCK_ROWS, m - i0);
      int from = aOffset + i0 * aRowStride;
      if (inPlace && rows >= WIDTH) {
        int height;
        for (int j = 0; j < n; j += height) {
          height = Tiles.height(n - j);
          Strips.overRows(
              height,
              rows,
              k,
              transposed,
              j * k,
              a,
              from,
              steps,
              strip,
              j * BLOCK_ROWS,
              BLOCK_ROWS);
        }
      } else {
        packedBlock(rows, n, k, a, from, aRowStride, aColumnStride, transposed, strip, scratch);
      }
      finish(output, strip, i0, rows, n);
    }
  }

  /** Products of {@code rows} rows of A; full vectors of the strip are written. */
  private static void packedBlock(
      int rows,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRowStride,
      int aColumnStride,
      float[] transposed,
      float[] strip,
      Scratch scratch) {
    int columns = (rows + WIDTH - 1) / WIDTH * WIDTH;
    int p0 = 0;
    do {
      int steps = Math.min(BLOCK_STEPS, k - p0);
      float[] panels = scratch.floats(0, ColumnPanels.length(steps, rows));
      ColumnPanels.pack(
          steps, rows, a, aOffset + p0 * aColumnStride, aColumnStride, aRowStride, panels, 0);
      int height;
      for (int j = 0; j < n; j += height) {
        height = Tiles.height(n - j);
        Strips.overPanels(
            height,
            columns,
            steps,
            transposed,
            j * k + p0 * height,
            panels,
            0,
            steps * WIDTH,
            ColumnPanels.steps(),
            p0 == 0,
            strip,
            j * BLOCK_ROWS,
            BLOCK_ROWS,
            strip);
      }
      p0 += steps;
    } while (p0 < k);
  }

  /** Applies the epilogue to the strip, whose rows are columns of C, and transposes it into C. */
  private void finish(SimdGemm.Output output, float[] strip, int row, int rows, int n) {
    Epilogue epilogue = output.epilogue();
    BiasAxis axis =
        switch (epilogue.biasAxis()) {
          case NONE -> BiasAxis.NONE;
          case ROW -> BiasAxis.COLUMN;
          case COLUMN -> BiasAxis.ROW;
        };
    float[] c = output.c();
    for (int j = 0; j < n; j++) {
      int from = j * BLOCK_ROWS;
      epilogues.apply(epilogue, axis, j, row, strip, from, rows);
      int to = output.offset() + row * output.rowStride() + j;
      for (int i = 0; i < rows; i++) {
        c[to] = strip[from + i];
        to += output.rowStride();
      }
    }
  }
}
