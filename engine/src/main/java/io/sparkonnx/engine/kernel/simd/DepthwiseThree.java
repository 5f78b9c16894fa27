package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;

/**
 * Depthwise 3×3 windows with stride 1 along the rows: columns of vectors are walked from top to
 * bottom, so that every input row is loaded once and serves three output rows. An output's chain
 * goes over the rows from top to bottom too.
 *
 * <p>Element (r, j) of the padded plane is {@code x[xOffset + r·xStride + j]}, its left, middle and
 * right tap lie {@code steps[0..2]} further; weights are nine from {@code wOffset}; output (r, j)
 * goes to {@code y[yOffset + r·yStride + j]}.
 */
final class DepthwiseThree {
  private DepthwiseThree() {}

  /** All rows and columns of a plane; {@code columns} must be at least a vector. */
  static void plane(
      int rows,
      int columns,
      float[] w,
      int wOffset,
      float[] x,
      int xOffset,
      int xStride,
      int[] steps,
      float[] y,
      int yOffset,
      int yStride) {
    int j = 0;
    for (; j + 2 * COUNT <= columns; j += 2 * COUNT) {
      two(rows, w, wOffset, x, xOffset + j, xStride, steps, y, yOffset + j, yStride);
    }
    int rest = columns - j;
    if (rest > COUNT && columns >= 2 * COUNT) {
      int last = columns - 2 * COUNT;
      two(rows, w, wOffset, x, xOffset + last, xStride, steps, y, yOffset + last, yStride);
      return;
    }
    if (rest > COUNT) {
      one(rows, w, wOffset, x, xOffset + j, xStride, steps, y, yOffset + j, yStride);
    }
    if (rest > 0) {
      int last = columns - COUNT;
      one(rows, w, wOffset, x, xOffset + last, xStride, steps, y, yOffset + last, yStride);
    }
  }

  private static void two(
      int rows,
      float[] w,
      int wOffset,
      float[] x,
      int xOffset,
      int xStride,
      int[] steps,
      float[] y,
      int yOffset,
      int yStride) {
    FloatVector w0 = FloatVector.broadcast(FLOATS, w[wOffset]);
    FloatVector w1 = FloatVector.broadcast(FLOATS, w[wOffset + 1]);
    FloatVector w2 = FloatVector.broadcast(FLOATS, w[wOffset + 2]);
    FloatVector w3 = FloatVector.broadcast(FLOATS, w[wOffset + 3]);
    FloatVector w4 = FloatVector.broadcast(FLOATS, w[wOffset + 4]);
    FloatVector w5 = FloatVector.broadcast(FLOATS, w[wOffset + 5]);
    FloatVector w6 = FloatVector.broadcast(FLOATS, w[wOffset + 6]);
    FloatVector w7 = FloatVector.broadcast(FLOATS, w[wOffset + 7]);
    FloatVector w8 = FloatVector.broadcast(FLOATS, w[wOffset + 8]);
    int left = xOffset + steps[0];
    int middle = xOffset + steps[1];
    int right = xOffset + steps[2];
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector l = FloatVector.fromArray(FLOATS, x, left);
    FloatVector m = FloatVector.fromArray(FLOATS, x, middle);
    FloatVector r = FloatVector.fromArray(FLOATS, x, right);
    FloatVector upperA = w2.fma(r, w1.fma(m, w0.fma(l, zero)));
    l = FloatVector.fromArray(FLOATS, x, left + COUNT);
    m = FloatVector.fromArray(FLOATS, x, middle + COUNT);
    r = FloatVector.fromArray(FLOATS, x, right + COUNT);
    FloatVector upperB = w2.fma(r, w1.fma(m, w0.fma(l, zero)));
    int at = xStride;
    l = FloatVector.fromArray(FLOATS, x, left + at);
    m = FloatVector.fromArray(FLOATS, x, middle + at);
    r = FloatVector.fromArray(FLOATS, x, right + at);
    upperA = w5.fma(r, w4.fma(m, w3.fma(l, upperA)));
    FloatVector lowerA = w2.fma(r, w1.fma(m, w0.fma(l, zero)));
    l = FloatVector.fromArray(FLOATS, x, left + at + COUNT);
    m = FloatVector.fromArray(FLOATS, x, middle + at + COUNT);
    r = FloatVector.fromArray(FLOATS, x, right + at + COUNT);
    upperB = w5.fma(r, w4.fma(m, w3.fma(l, upperB)));
    FloatVector lowerB = w2.fma(r, w1.fma(m, w0.fma(l, zero)));
    int to = yOffset;
    for (int row = 0; row < rows; row++) {
      at += xStride;
      l = FloatVector.fromArray(FLOATS, x, left + at);
      m = FloatVector.fromArray(FLOATS, x, middle + at);
      r = FloatVector.fromArray(FLOATS, x, right + at);
      w8.fma(r, w7.fma(m, w6.fma(l, upperA))).intoArray(y, to);
      upperA = w5.fma(r, w4.fma(m, w3.fma(l, lowerA)));
      lowerA = w2.fma(r, w1.fma(m, w0.fma(l, zero)));
      l = FloatVector.fromArray(FLOATS, x, left + at + COUNT);
      m = FloatVector.fromArray(FLOATS, x, middle + at + COUNT);
      r = FloatVector.fromArray(FLOATS, x, right + at + COUNT);
      w8.fma(r, w7.fma(m, w6.fma(l, upperB))).intoArray(y, to + COUNT);
      upperB = w5.fma(r, w4.fma(m, w3.fma(l, lowerB)));
      lowerB = w2.fma(r, w1.fma(m, w0.fma(l, zero)));
      to += yStride;
    }
  }

  private static void one(
      int rows,
      float[] w,
      int wOffset,
      float[] x,
      int xOffset,
      int xStride,
      int[] steps,
      float[] y,
      int yOffset,
      int yStride) {
    FloatVector w0 = FloatVector.broadcast(FLOATS, w[wOffset]);
    FloatVector w1 = FloatVector.broadcast(FLOATS, w[wOffset + 1]);
    FloatVector w2 = FloatVector.broadcast(FLOATS, w[wOffset + 2]);
    FloatVector w3 = FloatVector.broadcast(FLOATS, w[wOffset + 3]);
    FloatVector w4 = FloatVector.broadcast(FLOATS, w[wOffset + 4]);
    FloatVector w5 = FloatVector.broadcast(FLOATS, w[wOffset + 5]);
    FloatVector w6 = FloatVector.broadcast(FLOATS, w[wOffset + 6]);
    FloatVector w7 = FloatVector.broadcast(FLOATS, w[wOffset + 7]);
    FloatVector w8 = FloatVector.broadcast(FLOATS, w[wOffset + 8]);
    int left = xOffset + steps[0];
    int middle = xOffset + steps[1];
    int right = xOffset + steps[2];
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector l = FloatVector.fromArray(FLOATS, x, left);
    FloatVector m = FloatVector.fromArray(FLOATS, x, middle);
    FloatVector r = FloatVector.fromArray(FLOATS, x, right);
    FloatVector upper = w2.fma(r, w1.fma(m, w0.fma(l, zero)));
    int at = xStride;
    l = FloatVector.fromArray(FLOATS, x, left + at);
    m = FloatVector.fromArray(FLOATS, x, middle + at);
    r = FloatVector.fromArray(FLOATS, x, right + at);
    upper = w5.fma(r, w4.fma(m, w3.fma(l, upper)));
    FloatVector lower = w2.fma(r, w1.fma(m, w0.fma(l, zero)));
    int to = yOffset;
    for (int row = 0; row < rows; row++) {
      at += xStride;
      l = FloatVector.fromArray(FLOATS, x, left + at);
      m = FloatVector.fromArray(FLOATS, x, middle + at);
      r = FloatVector.fromArray(FLOATS, x, right + at);
      w8.fma(r, w7.fma(m, w6.fma(l, upper))).intoArray(y, to);
      upper = w5.fma(r, w4.fma(m, w3.fma(l, lower)));
      lower = w2.fma(r, w1.fma(m, w0.fma(l, zero)));
      to += yStride;
    }
  }
}
