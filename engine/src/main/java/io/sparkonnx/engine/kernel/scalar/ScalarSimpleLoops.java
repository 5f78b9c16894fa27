package io.sparkonnx.engine.kernel.scalar;

/**
 * Loops y[yo + i] = f(x[xo + i]), 0 ≤ i &lt; n, for functions of a few instructions; each is named
 * as in {@link io.sparkonnx.engine.kernel.UnaryFunction}.
 */
public final class ScalarSimpleLoops {
  private ScalarSimpleLoops() {}

  public static void abs(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.abs(x[xo + i]);
    }
  }

  public static void neg(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = -x[xo + i];
    }
  }

  public static void sign(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Piecewise.sign(x[xo + i]);
    }
  }

  public static void floor(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) Math.floor(x[xo + i]);
    }
  }

  public static void ceil(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) Math.ceil(x[xo + i]);
    }
  }

  public static void round(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) Math.rint(x[xo + i]);
    }
  }

  public static void sqrt(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) Math.sqrt(x[xo + i]);
    }
  }

  public static void reciprocal(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = 1f / x[xo + i];
    }
  }

  public static void relu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Piecewise.relu(x[xo + i]);
    }
  }

  public static void leakyRelu(float alpha, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Piecewise.leakyRelu(x[xo + i], alpha);
    }
  }

  public static void thresholdedRelu(float alpha, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Piecewise.thresholdedRelu(x[xo + i], alpha);
    }
  }

  public static void clip(float alpha, float beta, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Piecewise.clip(x[xo + i], alpha, beta);
    }
  }

  public static void softsign(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Piecewise.softsign(x[xo + i]);
    }
  }

  public static void hardSigmoid(
      float alpha, float beta, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Piecewise.hardSigmoid(x[xo + i], alpha, beta);
    }
  }

  public static void hardSwish(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Piecewise.hardSwish(x[xo + i]);
    }
  }

  public static void affine(float alpha, float beta, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.fma(x[xo + i], alpha, beta);
    }
  }
}
