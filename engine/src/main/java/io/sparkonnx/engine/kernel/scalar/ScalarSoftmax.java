package io.sparkonnx.engine.kernel.scalar;

import io.sparkonnx.engine.kernel.SoftmaxKernel;

/** Softmax in plain loops. */
public final class ScalarSoftmax implements SoftmaxKernel {
  @Override
  public void softmax(float[] x, int xOffset, int rows, int length, float[] y, int yOffset) {
    for (int r = 0; r < rows; r++) {
      int to = yOffset + r * length;
      shift(x, xOffset + r * length, y, to, length);
      ScalarFunctionLoops.exp(y, to, y, to, length);
      float sum = ScalarRows.sum(y, to, length);
      for (int i = 0; i < length; i++) {
        y[to + i] = y[to + i] / sum;
      }
    }
  }

  @Override
  public void logSoftmax(float[] x, int xOffset, int rows, int length, float[] y, int yOffset) {
    for (int r = 0; r < rows; r++) {
      int to = yOffset + r * length;
      shift(x, xOffset + r * length, y, to, length);
      float log = Logarithm.log(sumExp(y, to, length));
      for (int i = 0; i < length; i++) {
        y[to + i] = y[to + i] - log;
      }
    }
  }

  /** y = x − max(x). */
  private static void shift(float[] x, int xo, float[] y, int yo, int n) {
    float max = ScalarRows.max(x, xo, n);
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i] - max;
    }
  }

  /** Σ e^x by the 16 partials of {@link ScalarRows}. */
  public static float sumExp(float[] x, int o, int n) {
    return (sumExp(x, o, n, 0) + sumExp(x, o, n, 2)) + (sumExp(x, o, n, 1) + sumExp(x, o, n, 3));
  }

  private static float sumExp(float[] x, int o, int n, int j) {
    float p0 = 0f;
    float p1 = 0f;
    float p2 = 0f;
    float p3 = 0f;
    int i = j;
    for (; i < n - 12; i += 16) {
      p0 = p0 + Exponential.exp(x[o + i]);
      p1 = p1 + Exponential.exp(x[o + i + 4]);
      p2 = p2 + Exponential.exp(x[o + i + 8]);
      p3 = p3 + Exponential.exp(x[o + i + 12]);
    }
    if (i < n) {
      p0 = p0 + Exponential.exp(x[o + i]);
    }
    if (i < n - 4) {
      p1 = p1 + Exponential.exp(x[o + i + 4]);
    }
    if (i < n - 8) {
      p2 = p2 + Exponential.exp(x[o + i + 8]);
    }
    return (p0 + p2) + (p1 + p3);
  }
}
