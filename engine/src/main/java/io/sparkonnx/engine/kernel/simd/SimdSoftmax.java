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
    int together = Math.max(1, BLOCK / Math.max(1, length));
    for (int first = 0; first < rows; first += together) {
      int count = Math.min(together, rows - first);
      int from = xOffset + first * length;
      int to = yOffset + first * length;
      for (int r = 0; r < count; r++) {
        int at = from + r * length;
        subtract(x, at, SimdRows.max(x, at, length), y, to + r * length, length);
      }
      unary.apply(UnaryFunction.EXP, 0f, 0f, y, to, y, to, count * length);
      for (int r = 0; r < count; r++) {
        int at = to + r * length;
        divide(y, at, SimdRows.sum(y, at, length), length);
      }
    }
  }

  @Override
  public void logSoftmax(float[] x, int xOffset, int rows, int length, float[] y, int yOffset) {
    for (int r = 0; r < rows; r++) {
      int from = xOffset + r * length;
      int to = yOffset + r * length;
      float max = SimdRows.max(x, from, length);
      subtract(x, from, max, y, to, length);
      if (x == y) {
        float log = Logarithm.log(ScalarSoftmax.sumExp(y, to, length));
        subtract(y, to, log, y, to, length);
      } else {
        unary.apply(UnaryFunction.EXP, 0f, 0f, y, to, y, to, length);
        float log = Logarithm.log(SimdRows.sum(y, to, length));
        subtract(x, from, max, y, to, length);
        subtract(y, to, log, y, to, length);
      }
    }
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
