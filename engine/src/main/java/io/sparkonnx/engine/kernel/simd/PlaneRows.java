package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * Writes short rows by full vectors: up to a vector less one element behind the last element may be
 * overwritten, so rows are written in ascending order. The source is never read beyond its array.
 */
final class PlaneRows {
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
    boolean narrow = begin <= COUNT && length - end <= COUNT && count > 0 && count <= 2 * COUNT;
    int row = to;
    for (int source : sources) {
      int from = first + source;
      if (source < 0) {
        fill(y, row, row + length, padding);
      } else if (from > lastWhole) {
        fill(y, row, row + length, padding);
        System.arraycopy(x, from, y, row + begin, count);
      } else if (narrow) {
        copyNarrow(x, from, y, row, length, begin, end, padding);
      } else {
        fill(y, row, row + begin, padding);
        for (int i = 0; i < count; i += COUNT) {
          FloatVector.fromArray(FLOATS, x, from + i).intoArray(y, row + begin + i);
        }
        fill(y, row + end, row + length, padding);
      }
      row += length;
    }
  }

  /** One row of up to two vectors, with up to one vector of padding on both sides. */
  private static void copyNarrow(
      float[] x, int from, float[] y, int row, int length, int begin, int end, float padding) {
    FloatVector v = FloatVector.broadcast(FLOATS, padding);
    if (begin > 0) {
      v.intoArray(y, row);
    }
    FloatVector.fromArray(FLOATS, x, from).intoArray(y, row + begin);
    if (end - begin > COUNT) {
      FloatVector.fromArray(FLOATS, x, from + COUNT).intoArray(y, row + begin + COUNT);
    }
    if (end < length) {
      v.intoArray(y, row + end);
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
      Lanes.even(low, high).intoArray(y, even + i);
      Lanes.odd(low, high).intoArray(y, odd + i);
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
