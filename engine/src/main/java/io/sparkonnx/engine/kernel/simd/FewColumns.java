package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;
import static io.sparkonnx.engine.kernel.simd.Lanes.SHAPE;

import jdk.incubator.vector.FloatVector;

/**
 * Row panels times a few columns, such as one row of a batch: vectors run over the rows of a panel,
 * and lanes behind its height count for nothing.
 */
final class FewColumns {
  /** Columns up to which tiles would leave most of their lanes empty. */
  static final int MOST = 4;

  private static final int HIGH = Tiles.MAX_HEIGHT;

  private FewColumns() {}

  /**
   * C = A·B, element by element one chain of fma.
   *
   * @param panels A in row panels, with {@link Lanes#COUNT} elements behind the last
   * @param lanes working memory for four vectors
   */
  static void multiply(
      int m,
      int n,
      int k,
      float[] panels,
      float[] b,
      int bOffset,
      int bRowStride,
      SimdGemm.Output output,
      float[] lanes) {
    int i = 0;
    if (HIGH <= COUNT) {
      for (; m - i >= 5 * HIGH; i += 4 * HIGH) {
        for (int j = 0; j < n; j++) {
          fourPanels(k, panels, i * k, b, bOffset + j, bRowStride, lanes);
          for (int panel = 0; panel < 4; panel++) {
            store(lanes, panel * COUNT, output, i + panel * HIGH, HIGH, j);
          }
        }
      }
    }
    int height;
    for (; i < m; i += height) {
      height = Tiles.height(m - i);
      for (int first = 0; first < height; first += COUNT) {
        int rows = Math.min(COUNT, height - first);
        for (int j = 0; j < n; j++) {
          column(k, panels, i * k + first, height, b, bOffset + j, bRowStride, lanes);
          store(lanes, 0, output, i + first, rows, j);
        }
      }
    }
  }

  private static void store(
      float[] lanes, int from, SimdGemm.Output output, int row, int rows, int column) {
    int to = output.offset() + row * output.rowStride() + column;
    for (int i = 0; i < rows; i++) {
      output.c()[to + i * output.rowStride()] = lanes[from + i];
    }
  }

  /** Four panels of the greatest height, so that their chains overlap. */
  private static void fourPanels(
      int k, float[] panels, int at, float[] b, int bOffset, int bRowStride, float[] sums) {
    int second = at + HIGH * k;
    int third = second + HIGH * k;
    int fourth = third + HIGH * k;
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int p = 0; p < k; p++) {
      FloatVector x = FloatVector.broadcast(FLOATS, b[bOffset + p * bRowStride]);
      int step = p * HIGH;
      s0 = x.fma(FloatVector.fromArray(FLOATS, panels, at + step), s0);
      s1 = x.fma(FloatVector.fromArray(FLOATS, panels, second + step), s1);
      s2 = x.fma(FloatVector.fromArray(FLOATS, panels, third + step), s2);
      s3 = x.fma(FloatVector.fromArray(FLOATS, panels, fourth + step), s3);
    }
    SHAPE.cast(s0).intoArray(sums, 0);
    SHAPE.cast(s1).intoArray(sums, COUNT);
    SHAPE.cast(s2).intoArray(sums, 2 * COUNT);
    SHAPE.cast(s3).intoArray(sums, 3 * COUNT);
  }

  private static void column(
      int k,
      float[] panels,
      int at,
      int height,
      float[] b,
      int bOffset,
      int bRowStride,
      float[] sums) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int p = 0; p < k; p++) {
      FloatVector x = FloatVector.broadcast(FLOATS, b[bOffset + p * bRowStride]);
      sum = x.fma(FloatVector.fromArray(FLOATS, panels, at + p * height), sum);
    }
    SHAPE.cast(sum).intoArray(sums, 0);
  }
}
