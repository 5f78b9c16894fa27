package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Writes short rows by full vectors: up to a vector less one element behind the last element may be
 * overwritten, so rows are written in ascending order. The source is never read beyond its array.
 */
final class PlaneRows {
  /** Lane i takes lane 2·i, or 2·i + 1, modulo the number of lanes. */
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(FLOATS, lane -> 2 * lane % COUNT);

  private static final VectorShuffle<Float> ODD =
      VectorShuffle.fromOp(FLOATS, lane -> (2 * lane + 1) % COUNT);

  private static final VectorMask<Float> UPPER_HALF =
      VectorMask.fromLong(FLOATS, (1L << COUNT) - (1L << (COUNT / 2)));

  private PlaneRows() {}

  /** Fills {@code [from, to)}. */
  static void fill(float[] y, int from, int to, float value) {
    FloatVector v = FloatVector.broadcast(FLOATS, value);
    for (int i = from; i < to; i += COUNT) {
      v.intoArray(y, i);
    }
  }

  /**
   * Copies rows with padding around them: row r's elements {@code [begin, end)} of {@code [0,
   * length)} come from {@code x[first + sources[r]…]}, or all are padding where that is negative.
   */
  static void copyPadded(
      float[] x,
      int first,
      int[] sources,
      float[] y,
      int to,
      int length,
      int begin,
      int end,
      float padding) {
    int count = end - begin;
    int lastWhole = x.length - (count + COUNT - 1) / COUNT * COUNT;
    int row = to;
    for (int source : sources) {
      int from = first + source;
      if (source < 0) {
        fill(y, row, row + length, padding);
      } else if (from > lastWhole) {
        fill(y, row, row + length, padding);
        System.arraycopy(x, from, y, row + begin, count);
      } else {
        for (int i = 0; i < begin; i++) {
          y[row + i] = padding;
        }
        int at = row + begin;
        for (int i = 0; i < count; i += COUNT) {
          FloatVector.fromArray(FLOATS, x, from + i).intoArray(y, at + i);
        }
        for (int i = row + end; i < row + length; i++) {
          y[i] = padding;
        }
      }
      row += length;
    }
  }

  /** Copies rows, {@code stride} apart in {@code x}, to where they touch in {@code y}. */
  static void copyRows(int rows, int length, float[] x, int from, int stride, float[] y, int to) {
    if (stride == length) {
      System.arraycopy(x, from, y, to, rows * length);
      return;
    }
    int end = to + rows * length;
    int source = from;
    int target = to;
    for (; target + length + COUNT <= end; target += length) {
      for (int i = 0; i < length; i += COUNT) {
        FloatVector.fromArray(FLOATS, x, source + i).intoArray(y, target + i);
      }
      source += stride;
    }
    for (; target < end; target += length) {
      System.arraycopy(x, source, y, target, length);
      source += stride;
    }
  }

  /** Copies every {@code step}th element. */
  static void copy(float[] x, int from, int step, float[] y, int to, int count) {
    int i = 0;
    if (step == 1) {
      int whole = Math.min(count, x.length - from - COUNT + 1);
      for (; i < whole; i += COUNT) {
        FloatVector.fromArray(FLOATS, x, from + i).intoArray(y, to + i);
      }
    }
    for (; i < count; i++) {
      y[to + i] = x[from + i * step];
    }
  }

  /** Deals {@code 2·count} elements out to two rows in turn; missing ones are not written. */
  static void split(float[] x, int from, float[] y, int even, int odd, int count) {
    int i = 0;
    int whole = Math.min(count, (x.length - from) / 2 - COUNT + 1);
    for (; i < whole; i += COUNT) {
      FloatVector low = FloatVector.fromArray(FLOATS, x, from + 2 * i);
      FloatVector high = FloatVector.fromArray(FLOATS, x, from + 2 * i + COUNT);
      low.rearrange(EVEN).blend(high.rearrange(EVEN), UPPER_HALF).intoArray(y, even + i);
      low.rearrange(ODD).blend(high.rearrange(ODD), UPPER_HALF).intoArray(y, odd + i);
    }
    for (; i < count; i++) {
      if (from + 2 * i < x.length) {
        y[even + i] = x[from + 2 * i];
      }
      if (from + 2 * i + 1 < x.length) {
        y[odd + i] = x[from + 2 * i + 1];
      }
    }
  }
}
