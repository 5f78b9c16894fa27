package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Tiles.WIDTH;

/** Strips: one tile high, any number of columns wide. */
final class Strips {
  private Strips() {}

  /**
   * A strip over panels of B: columns {@code [q·WIDTH, (q+1)·WIDTH)} begin at {@code bOffset +
   * q·panelStep}, and the last panel is filled up, so that full vectors can be read. Only {@code
   * columns} columns of C are written.
   *
   * @param edge working memory for {@code rows·WIDTH} elements
   */
  static void overPanels(
      int rows,
      int columns,
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int panelStep,
      int[] steps,
      boolean fresh,
      float[] c,
      int cOffset,
      int cStride,
      float[] edge) {
    int bo = bOffset;
    int j = 0;
    if (rows <= 2) {
      for (; j + 2 * WIDTH <= columns; j += 2 * WIDTH) {
        Tiles.pair(
            rows, k, a, aOffset, b, bo, bo + panelStep, steps, fresh, c, cOffset + j, cStride);
        bo += 2 * panelStep;
      }
    }
    for (; j + WIDTH <= columns; j += WIDTH) {
      Tiles.wide(rows, k, a, aOffset, b, bo, steps, fresh, c, cOffset + j, cStride);
      bo += panelStep;
    }
    int rest = columns - j;
    if (rest == 0) {
      return;
    }
    if (rest == COUNT) {
      Tiles.narrow(rows, k, a, aOffset, b, bo, steps, fresh, c, cOffset + j, cStride);
      return;
    }
    if (!fresh) {
      copyRows(rows, rest, c, cOffset + j, cStride, edge, 0, WIDTH);
    }
    if (rest > COUNT) {
      Tiles.wide(rows, k, a, aOffset, b, bo, steps, fresh, edge, 0, WIDTH);
    } else {
      Tiles.narrow(rows, k, a, aOffset, b, bo, steps, fresh, edge, 0, WIDTH);
    }
    copyRows(rows, rest, edge, 0, WIDTH, c, cOffset + j, cStride);
  }

  /**
   * A strip over B as it lies in memory, columns side by side: the last tile overlaps the one
   * before, which computes the same elements twice. {@code columns} must be at least {@link
   * Tiles#WIDTH}, and the chains start here.
   */
  static void overRows(
      int rows,
      int columns,
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int[] steps,
      float[] c,
      int cOffset,
      int cStride) {
    int j = 0;
    if (rows <= 2) {
      for (; j + 2 * WIDTH <= columns; j += 2 * WIDTH) {
        int bo = bOffset + j;
        Tiles.pair(rows, k, a, aOffset, b, bo, bo + WIDTH, steps, true, c, cOffset + j, cStride);
      }
    }
    for (; j + WIDTH <= columns; j += WIDTH) {
      Tiles.wide(rows, k, a, aOffset, b, bOffset + j, steps, true, c, cOffset + j, cStride);
    }
    int rest = columns - j;
    if (rest > COUNT) {
      int last = columns - WIDTH;
      Tiles.wide(rows, k, a, aOffset, b, bOffset + last, steps, true, c, cOffset + last, cStride);
    } else if (rest > 0) {
      int last = columns - COUNT;
      Tiles.narrow(rows, k, a, aOffset, b, bOffset + last, steps, true, c, cOffset + last, cStride);
    }
  }

  /**
   * A strip over B as it lies in memory, columns side by side and full vectors of them. The chains
   * start here.
   */
  static void overVectors(
      int rows,
      int columns,
      int k,
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int[] steps,
      float[] c,
      int cOffset,
      int cStride) {
    int j = 0;
    if (rows == 8) {
      for (; j + 3 * COUNT <= columns; j += 3 * COUNT) {
        Tile8.triple(k, a, aOffset, b, bOffset + j, steps, c, cOffset + j, cStride);
      }
    } else if (rows <= 2) {
      for (; j + 2 * WIDTH <= columns; j += 2 * WIDTH) {
        int bo = bOffset + j;
        Tiles.pair(rows, k, a, aOffset, b, bo, bo + WIDTH, steps, true, c, cOffset + j, cStride);
      }
    }
    for (; j + WIDTH <= columns; j += WIDTH) {
      Tiles.wide(rows, k, a, aOffset, b, bOffset + j, steps, true, c, cOffset + j, cStride);
    }
    if (j < columns) {
      Tiles.narrow(rows, k, a, aOffset, b, bOffset + j, steps, true, c, cOffset + j, cStride);
    }
  }

  private static void copyRows(
      int rows,
      int columns,
      float[] from,
      int fromOffset,
      int fromStride,
      float[] to,
      int toOffset,
      int toStride) {
    for (int i = 0; i < rows; i++) {
      int source = fromOffset + i * fromStride;
      int target = toOffset + i * toStride;
      for (int j = 0; j < columns; j++) {
        to[target + j] = from[source + j];
      }
    }
  }
}
