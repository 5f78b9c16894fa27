package io.sparkonnx.engine.kernel.scalar;

/**
 * Loops y[yo + i] = f(x[xo + i]), 0 ≤ i &lt; n, for functions built on polynomials; each is named
 * as in {@link io.sparkonnx.engine.kernel.UnaryFunction}.
 */
public final class ScalarFunctionLoops {
  private ScalarFunctionLoops() {}

  public static void exp(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Exponential.exp(x[xo + i]);
    }
  }

  public static void log(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Logarithm.log(x[xo + i]);
    }
  }

  public static void sin(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Trigonometric.sin(x[xo + i]);
    }
  }

  public static void cos(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Trigonometric.cos(x[xo + i]);
    }
  }

  public static void erf(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = ErrorFunction.erf(x[xo + i]);
    }
  }

  public static void tanh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Sigmoidal.tanh(x[xo + i]);
    }
  }

  public static void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Sigmoidal.sigmoid(x[xo + i]);
    }
  }

  public static void elu(float alpha, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Piecewise.elu(x[xo + i], alpha);
    }
  }

  public static void selu(float alpha, float beta, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Piecewise.selu(x[xo + i], alpha, beta);
    }
  }

  public static void celu(float alpha, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Piecewise.celu(x[xo + i], alpha);
    }
  }

  public static void softplus(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Sigmoidal.softplus(x[xo + i]);
    }
  }

  public static void mish(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Sigmoidal.mish(x[xo + i]);
    }
  }

  public static void swish(float alpha, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Sigmoidal.swish(x[xo + i], alpha);
    }
  }

  public static void gelu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = ErrorFunction.gelu(x[xo + i]);
    }
  }

  public static void geluTanh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = ErrorFunction.geluTanh(x[xo + i]);
    }
  }
}
