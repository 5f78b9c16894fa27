package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;

import io.sparkonnx.engine.kernel.scalar.ScalarFunctionLoops;
import jdk.incubator.vector.FloatVector;

/**
 * Loops y[yo + i] = f(x[xo + i]), 0 ≤ i &lt; n, for functions built on polynomials; each is named
 * as in {@link io.sparkonnx.engine.kernel.UnaryFunction}. Tails go to the scalar twins.
 */
final class SimdFunctionLoops {
  private SimdFunctionLoops() {}

  static void exp(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorExponential.exp(v).intoArray(y, yo + i);
    }
    ScalarFunctionLoops.exp(x, xo + i, y, yo + i, n - i);
  }

  static void log(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorLogarithm.log(v).intoArray(y, yo + i);
    }
    ScalarFunctionLoops.log(x, xo + i, y, yo + i, n - i);
  }

  static void erf(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorErrorFunction.erf(v).intoArray(y, yo + i);
    }
    ScalarFunctionLoops.erf(x, xo + i, y, yo + i, n - i);
  }

  static void tanh(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorSigmoidal.tanh(v).intoArray(y, yo + i);
    }
    ScalarFunctionLoops.tanh(x, xo + i, y, yo + i, n - i);
  }

  static void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorSigmoidal.sigmoid(v).intoArray(y, yo + i);
    }
    ScalarFunctionLoops.sigmoid(x, xo + i, y, yo + i, n - i);
  }

  static void elu(float alpha, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector alphas = Lanes.broadcast(alpha);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorPiecewise.elu(v, alphas).intoArray(y, yo + i);
    }
    ScalarFunctionLoops.elu(alpha, x, xo + i, y, yo + i, n - i);
  }

  static void selu(float alpha, float beta, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector alphas = Lanes.broadcast(alpha);
    FloatVector betas = Lanes.broadcast(beta);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorPiecewise.selu(v, alphas, betas).intoArray(y, yo + i);
    }
    ScalarFunctionLoops.selu(alpha, beta, x, xo + i, y, yo + i, n - i);
  }

  static void celu(float alpha, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector alphas = Lanes.broadcast(alpha);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorPiecewise.celu(v, alphas).intoArray(y, yo + i);
    }
    ScalarFunctionLoops.celu(alpha, x, xo + i, y, yo + i, n - i);
  }

  static void softplus(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorSigmoidal.softplus(v).intoArray(y, yo + i);
    }
    ScalarFunctionLoops.softplus(x, xo + i, y, yo + i, n - i);
  }

  static void mish(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorSigmoidal.mish(v).intoArray(y, yo + i);
    }
    ScalarFunctionLoops.mish(x, xo + i, y, yo + i, n - i);
  }

  static void swish(float alpha, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector alphas = Lanes.broadcast(alpha);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorSigmoidal.swish(v, alphas).intoArray(y, yo + i);
    }
    ScalarFunctionLoops.swish(alpha, x, xo + i, y, yo + i, n - i);
  }

  static void gelu(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorErrorFunction.gelu(v).intoArray(y, yo + i);
    }
    ScalarFunctionLoops.gelu(x, xo + i, y, yo + i, n - i);
  }

  static void geluTanh(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorErrorFunction.geluTanh(v).intoArray(y, yo + i);
    }
    ScalarFunctionLoops.geluTanh(x, xo + i, y, yo + i, n - i);
  }
}
