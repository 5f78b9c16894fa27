package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;

import io.sparkonnx.engine.kernel.scalar.ScalarSimpleLoops;
import jdk.incubator.vector.FloatVector;

/**
 * Loops y[yo + i] = f(x[xo + i]), 0 ≤ i &lt; n, for functions of a few instructions; each is named
 * as in {@link io.sparkonnx.engine.kernel.UnaryFunction}. Tails go to the scalar twins.
 */
final class SimdSimpleLoops {
  private SimdSimpleLoops() {}

  static void abs(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      v.abs().intoArray(y, yo + i);
    }
    ScalarSimpleLoops.abs(x, xo + i, y, yo + i, n - i);
  }

  static void neg(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      v.neg().intoArray(y, yo + i);
    }
    ScalarSimpleLoops.neg(x, xo + i, y, yo + i, n - i);
  }

  static void sign(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorPiecewise.sign(v).intoArray(y, yo + i);
    }
    ScalarSimpleLoops.sign(x, xo + i, y, yo + i, n - i);
  }

  static void floor(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorPiecewise.floor(v).intoArray(y, yo + i);
    }
    ScalarSimpleLoops.floor(x, xo + i, y, yo + i, n - i);
  }

  static void ceil(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorPiecewise.ceil(v).intoArray(y, yo + i);
    }
    ScalarSimpleLoops.ceil(x, xo + i, y, yo + i, n - i);
  }

  static void round(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorPiecewise.round(v).intoArray(y, yo + i);
    }
    ScalarSimpleLoops.round(x, xo + i, y, yo + i, n - i);
  }

  static void sqrt(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      v.sqrt().intoArray(y, yo + i);
    }
    ScalarSimpleLoops.sqrt(x, xo + i, y, yo + i, n - i);
  }

  static void reciprocal(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      Lanes.broadcast(1f).div(v).intoArray(y, yo + i);
    }
    ScalarSimpleLoops.reciprocal(x, xo + i, y, yo + i, n - i);
  }

  static void relu(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorPiecewise.relu(v).intoArray(y, yo + i);
    }
    ScalarSimpleLoops.relu(x, xo + i, y, yo + i, n - i);
  }

  static void leakyRelu(float alpha, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector alphas = Lanes.broadcast(alpha);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorPiecewise.leakyRelu(v, alphas).intoArray(y, yo + i);
    }
    ScalarSimpleLoops.leakyRelu(alpha, x, xo + i, y, yo + i, n - i);
  }

  static void thresholdedRelu(float alpha, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector alphas = Lanes.broadcast(alpha);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorPiecewise.thresholdedRelu(v, alphas).intoArray(y, yo + i);
    }
    ScalarSimpleLoops.thresholdedRelu(alpha, x, xo + i, y, yo + i, n - i);
  }

  static void clip(float alpha, float beta, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector alphas = Lanes.broadcast(alpha);
    FloatVector betas = Lanes.broadcast(beta);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorPiecewise.clip(v, alphas, betas).intoArray(y, yo + i);
    }
    ScalarSimpleLoops.clip(alpha, beta, x, xo + i, y, yo + i, n - i);
  }

  static void softsign(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorPiecewise.softsign(v).intoArray(y, yo + i);
    }
    ScalarSimpleLoops.softsign(x, xo + i, y, yo + i, n - i);
  }

  static void hardSigmoid(float alpha, float beta, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector alphas = Lanes.broadcast(alpha);
    FloatVector betas = Lanes.broadcast(beta);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorPiecewise.hardSigmoid(v, alphas, betas).intoArray(y, yo + i);
    }
    ScalarSimpleLoops.hardSigmoid(alpha, beta, x, xo + i, y, yo + i, n - i);
  }

  static void hardSwish(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      VectorPiecewise.hardSwish(v).intoArray(y, yo + i);
    }
    ScalarSimpleLoops.hardSwish(x, xo + i, y, yo + i, n - i);
  }

  static void affine(float alpha, float beta, float[] x, int xo, float[] y, int yo, int n) {
    FloatVector alphas = Lanes.broadcast(alpha);
    FloatVector betas = Lanes.broadcast(beta);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      v.fma(alphas, betas).intoArray(y, yo + i);
    }
    ScalarSimpleLoops.affine(alpha, beta, x, xo + i, y, yo + i, n - i);
  }
}
