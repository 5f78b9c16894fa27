package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;
import static io.sparkonnx.engine.kernel.simd.Lanes.SHAPE;

import jdk.incubator.vector.FloatVector;

/** Max pooling by windows of 2×2, side by side: vectors run over the pooled rows. */
final class HalvedRows {
  /** The bias that changes no number, the zeros neither. */
  static final float NO_BIAS = -0f;

  private HalvedRows() {}

  /**
   * Pools {@code 2·rows} rows of {@code 2·columns} elements, {@code stride} apart in {@code x}, to
   * rows that touch in {@code y}. Results are written by full vectors: up to a vector less one
   * element behind the last row may be overwritten, but nothing from {@code end} on.
   *
   * @param bias added to each result
   * @param relu whether negative results become zeros
   */
  static void max(
      float[] x,
      int from,
      int stride,
      int rows,
      int columns,
      float bias,
      boolean relu,
      float[] y,
      int to,
      int end) {
    int lanes = (columns + COUNT - 1) / COUNT * COUNT;
    int whole = rows;
    while (whole > 0
        && (to + (whole - 1) * columns + lanes > end
            || from + (2 * whole - 1) * stride + 2 * lanes > x.length)) {
      whole--;
    }
    for (int j = lanes - COUNT; j >= 0; j -= COUNT) {
      int above = from + 2 * j;
      if (columns - j <= COUNT / 2) {
        narrow(x, above, stride, whole, columns, bias, relu, y, to + j);
      } else {
        wide(x, above, stride, whole, columns, bias, relu, y, to + j);
      }
    }
    for (int row = whole; row < rows; row++) {
      int above = from + 2 * row * stride;
      elements(x, above, above + stride, columns, bias, relu, y, to + row * columns);
    }
  }

  /** Pools planes {@code x[planes, rows, columns]}, an odd last row or column left out. */
  static void planes(
      int planes, int rows, int columns, float[] x, int xOffset, float[] y, int yOffset) {
    int plane = rows / 2 * (columns / 2);
    int end = yOffset + planes * plane;
    for (int i = 0; i < planes; i++) {
      int from = xOffset + i * rows * columns;
      int to = yOffset + i * plane;
      max(x, from, columns, rows / 2, columns / 2, NO_BIAS, false, y, to, end);
    }
  }

  /** A vector of results per row. */
  private static void wide(
      float[] x,
      int from,
      int stride,
      int rows,
      int columns,
      float bias,
      boolean relu,
      float[] y,
      int to) {
    int above = from;
    int target = to;
    for (int row = 0; row < rows; row++) {
      int below = above + stride;
      FloatVector low = FloatVector.fromArray(FLOATS, x, above);
      FloatVector high = FloatVector.fromArray(FLOATS, x, above + COUNT);
      low = low.max(FloatVector.fromArray(FLOATS, x, below));
      high = high.max(FloatVector.fromArray(FLOATS, x, below + COUNT));
      FloatVector greatest = Lanes.even(low, high).max(Lanes.odd(low, high)).add(bias);
      if (relu) {
        greatest = VectorPiecewise.relu(greatest);
      }
      SHAPE.cast(greatest).intoArray(y, target);
      above = below + stride;
      target += columns;
    }
  }

  /** Half a vector of results per row. */
  private static void narrow(
      float[] x,
      int from,
      int stride,
      int rows,
      int columns,
      float bias,
      boolean relu,
      float[] y,
      int to) {
    int above = from;
    int target = to;
    for (int row = 0; row < rows; row++) {
      int below = above + stride;
      FloatVector v = FloatVector.fromArray(FLOATS, x, above);
      v = v.max(FloatVector.fromArray(FLOATS, x, below));
      FloatVector greatest = Lanes.even(v, v).max(Lanes.odd(v, v)).add(bias);
      if (relu) {
        greatest = VectorPiecewise.relu(greatest);
      }
      SHAPE.cast(greatest).intoArray(y, target);
      above = below + stride;
      target += columns;
    }
  }

  private static void elements(
      float[] x, int above, int below, int columns, float bias, boolean relu, float[] y, int to) {
    for (int j = 0; j < columns; j++) {
      int a = above + 2 * j;
      int b = below + 2 * j;
      float greatest = Math.max(Math.max(x[a], x[a + 1]), Math.max(x[b], x[b + 1])) + bias;
      y[to + j] = relu && greatest <= 0f ? 0f : greatest;
    }
  }
}
