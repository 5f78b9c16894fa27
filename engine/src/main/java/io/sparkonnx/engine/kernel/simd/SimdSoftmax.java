package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.broadcast;
import static io.sparkonnx.engine.kernel.simd.Lanes.load;

import io.sparkonnx.engine.kernel.SoftmaxKernel;
import io.sparkonnx.engine.kernel.scalar.Logarithm;
import io.sparkonnx.engine.kernel.scalar.ScalarSoftmax;
import jdk.incubator.vector.FloatVector;

/** Softmax on the Vector API. Short rows share the vectors of their exponentials. */
public final class SimdSoftmax implements SoftmaxKernel {
  /** Elements that are worked on together: they stay in the first-level cache. */
  private static final int BLOCK = 2048;

  private static final FloatVector MINUS_INFINITY = broadcast(Float.NEGATIVE_INFINITY);

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
      SimdFunctionLoops.exp(y, to, y, to, count * length);
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
      subtract(x, from, SimdRows.max(x, from, length), y, to, length);
      subtract(y, to, Logarithm.log(sumExp(y, to, length)), y, to, length);
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

  private static float sumExp(float[] x, int o, int n) {
    if (o + ((n + 15) & -16) > x.length) {
      return ScalarSoftmax.sumExp(x, o, n);
    }
    FloatVector p0 = sumExp(x, o, n, 0);
    FloatVector p1 = COUNT <= 8 ? sumExp(x, o, n, COUNT) : p0;
    FloatVector p2 = COUNT == 4 ? sumExp(x, o, n, 8) : p0;
    FloatVector p3 = COUNT == 4 ? sumExp(x, o, n, 12) : p0;
    return Partials.foldAdd(p0, p1, p2, p3);
  }

  /** The partials from {@code first} on; the exponential of −Inf pads the last vector with 0. */
  private static FloatVector sumExp(float[] x, int o, int n, int first) {
    FloatVector p = broadcast(0f);
    for (int i = first; i < n; i += 16) {
      p = p.add(VectorExponential.exp(Partials.tail(x, o + i, n - i, MINUS_INFINITY)));
    }
    return p;
  }
}
