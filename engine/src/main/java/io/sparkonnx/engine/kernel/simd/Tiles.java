package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;

import java.util.Locale;

/**
 * Register tiles: C[rows, columns] = init + A·B for as many rows as the registers hold and one or
 * two vectors of columns. An accumulator goes through all {@code k} steps in a register, so every
 * element is one ascending chain of fma whatever the tile.
 *
 * <p>Arguments shared by all tiles: A's element (i, p) of a tile {@code rows} high is {@code
 * a[aOffset + rows·p + i]}; B's element (p, j) is {@code b[bOffset + steps[p] + j]}; C's element
 * (i, j) is {@code c[cOffset + i·cStride + j]}, and {@code init} likewise.
 */
final class Tiles {
  /** Columns of a wide tile. */
  static final int WIDTH = 2 * COUNT;

  /** Rows of C that start as zeros, read with stride 0. */
  private static final float[] ZEROS = new float[2 * WIDTH];

  private static final int[] HEIGHTS =
      manyRegisters() ? new int[] {14, 8, 4, 2, 1} : new int[] {6, 4, 2, 1};

  static final int MAX_HEIGHT = HEIGHTS[0];

  /** Height of the first tile for each number of rows below twice the greatest height. */
  private static final int[] FIRST_HEIGHT = firstHeights();

  private Tiles() {}

  /** Whether there are 32 vector registers rather than 16. */
  private static boolean manyRegisters() {
    String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return FLOATS.vectorBitSize() == 512 || architecture.equals("aarch64");
  }

  /** Height of the next tile when {@code rows} rows remain. */
  static int height(int rows) {
    return rows < FIRST_HEIGHT.length ? FIRST_HEIGHT[rows] : HEIGHTS[0];
  }

  /** Cuts small numbers of rows into tiles so that the time, roughly linear in height, is least. */
  private static int[] firstHeights() {
    int[] first = new int[2 * HEIGHTS[0]];
    double[] time = new double[first.length];
    for (int rows = 1; rows < first.length; rows++) {
      time[rows] = Double.MAX_VALUE;
      for (int height : HEIGHTS) {
        double own = height + (height > 2 ? 1.2 : 2.0);
        if (height <= rows && time[rows - height] + own < time[rows]) {
          time[rows] = time[rows - height] + own;
          first[rows] = height;
        }
      }
    }
    return first;
  }

  /**
   * Two vectors of columns of a tile. With {@code fresh} the chains start, else they go on from C.
   */
  static void wide(
      int rows,
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int[] steps,
      boolean fresh,
      float[] c,
      int cOffset,
      int cStride) {
    float[] init = fresh ? ZEROS : c;
    int io = fresh ? 0 : cOffset;
    int is = fresh ? 0 : cStride;
    switch (rows) {
      case 14 -> Tile14.wide(k, a, aOffset, b, bOffset, steps, init, io, is, c, cOffset, cStride);
      case 8 -> Tile8.wide(k, a, aOffset, b, bOffset, steps, init, io, is, c, cOffset, cStride);
      case 6 -> Tile6.wide(k, a, aOffset, b, bOffset, steps, init, io, is, c, cOffset, cStride);
      case 4 -> Tile4.wide(k, a, aOffset, b, bOffset, steps, init, io, is, c, cOffset, cStride);
      case 2 -> Tile2.wide(k, a, aOffset, b, bOffset, steps, init, io, is, c, cOffset, cStride);
      default -> Tile1.wide(k, a, aOffset, b, bOffset, steps, init, io, is, c, cOffset, cStride);
    }
  }

  /** One vector of columns of a tile. */
  static void narrow(
      int rows,
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int[] steps,
      boolean fresh,
      float[] c,
      int cOffset,
      int cStride) {
    float[] init = fresh ? ZEROS : c;
    int io = fresh ? 0 : cOffset;
    int is = fresh ? 0 : cStride;
    switch (rows) {
      case 14 -> Tile14.narrow(k, a, aOffset, b, bOffset, steps, init, io, is, c, cOffset, cStride);
      case 8 -> Tile8.narrow(k, a, aOffset, b, bOffset, steps, init, io, is, c, cOffset, cStride);
      case 6 -> Tile6.narrow(k, a, aOffset, b, bOffset, steps, init, io, is, c, cOffset, cStride);
      case 4 -> Tile4.narrow(k, a, aOffset, b, bOffset, steps, init, io, is, c, cOffset, cStride);
      case 2 -> Tile2.narrow(k, a, aOffset, b, bOffset, steps, init, io, is, c, cOffset, cStride);
      default -> Tile1.narrow(k, a, aOffset, b, bOffset, steps, init, io, is, c, cOffset, cStride);
    }
  }

  /** Four vectors of columns of a tile of one or two rows, from two places of B. */
  static void pair(
      int rows,
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int bOffset2,
      int[] steps,
      boolean fresh,
      float[] c,
      int cOffset,
      int cStride) {
    float[] init = fresh ? ZEROS : c;
    int io = fresh ? 0 : cOffset;
    int is = fresh ? 0 : cStride;
    if (rows == 2) {
      Tile2.pair(k, a, aOffset, b, bOffset, bOffset2, steps, init, io, is, c, cOffset, cStride);
    } else {
      Tile1.pair(k, a, aOffset, b, bOffset, bOffset2, steps, init, io, is, c, cOffset, cStride);
    }
  }
}
