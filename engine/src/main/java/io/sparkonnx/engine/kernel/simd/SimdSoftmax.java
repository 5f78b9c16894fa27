package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.broadcast;
import static io.sparkonnx.engine.kernel.simd.Lanes.load;

import io.sparkonnx.engine.kernel.SoftmaxKernel;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.UnaryKernel;
import io.sparkonnx.engine.kernel.scalar.Logarithm;
import io.sparkonnx.engine.kernel.scalar.ScalarSoftmax;
import jdk.incubator.vector.FloatVector;

/** Softmax on the Vector API. Short rows share the vectors of their exponentials. */
public final class SimdSoftmax implements SoftmaxKernel {
  /** Elements that are worked on together: they stay in the first-level cache. */
  private static final int BLOCK = 2048;

  private final UnaryKernel unary;

  /**
   * @param unary computes the exponentials
   */
  public SimdSoftmax(UnaryKernel unary) {
    this.unary = unary;
  }

  @Override
  public void softmax(float[] x, int xOffset, int rows, int length, float[] y, int yOffset) {
    int block = blockRows(length);
    for (int first = 0; first < rows; first += block) {
      int count = Math.min(block, rows - first);
      int to = yOffset + first * length;
      exponentials(x, xOffset + first * length, count, length, y, to);
      for (int r = 0; r < count; r++) {
        int at = to + r * length;
        divide(y, at, SimdRows.sum(y, at, length), length);
      }
    }
  }

  @Override
  public void logSoftmax(float[] x, int xOffset, int rows, int length, float[] y, int yOffset) {
    if (x == y && xOffset == yOffset) {
      logSoftmaxInPlace(x, xOffset, rows, length);
      return;
    }
    int block = blockRows(length);
    for (int first = 0; first < rows; first += block) {
      int count = Math.min(block, rows - first);
      int from = xOffset + first * length;
      int to = yOffset + first * length;
      exponentials(x, from, count, length, y, to);
      for (int r = 0; r < count; r++, from += length, to += length) {
        float log = Logarithm.log(SimdRows.sum(y, to, length));
        subtract(x, from, SimdRows.max(x, from, length), y, to, length);
        subtract(y, to, log, y, to, length);
      }
    }
  }

  /** There is no room for the exponentials, so they are summed one by one. */
  private static void logSoftmaxInPlace(float[] x, int xo, int rows, int length) {
    for (int r = 0; r < rows; r++) {
      int at = xo + r * length;
      subtract(x, at, SimdRows.max(x, at, length), x, at, length);
      subtract(x, at, Logarithm.log(ScalarSoftmax.sumExp(x, at, length)), x, at, length);
    }
  }

  private static int blockRows(int length) {
    return Math.max(1, BLOCK / Math.max(1, length));
  }

  /** y = e^(x − max) for each row. */
  private void exponentials(float[] x, int xo, int rows, int length, float[] y, int yo) {
    for (int r = 0; r < rows; r++) {
      int at = xo + r * length;
      subtract(x, at, SimdRows.max(x, at, length), y, yo + r * length, length);
    }
    unary.apply(UnaryFunction.EXP, 0f, 0f, y, yo, y, yo, rows * length);
  }

  private static void subtract(float[] x, int xo, float value, float[] y, int yo, int n) {
    FloatVector s = broadcast(value);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      load(x, xo + i).sub(s).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = x[xo + i] - value;
    }
  }

  private static void divide(float[] y, int yo, float value, int n) {
    FloatVector s = broadcast(value);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      load(y, yo + i).div(s).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = y[yo + i] / value;
    }
  }
}
