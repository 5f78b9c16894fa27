package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.broadcast;

import io.sparkonnx.engine.kernel.scalar.Piecewise;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Twin of {@link io.sparkonnx.engine.kernel.scalar.Piecewise} on vectors, and rounding. */
final class VectorPiecewise {
  private static final FloatVector SIXTH = broadcast(Piecewise.SIXTH);
  private static final FloatVector ZERO = broadcast(0f);
  private static final FloatVector HALF = broadcast(0.5f);
  private static final FloatVector ONE = broadcast(1f);
  private static final FloatVector MINUS_ONE = broadcast(-1f);

  /** From this magnitude on every float is an integer. */
  private static final FloatVector INTEGERS = broadcast(0x1p23f);

  private static final int SIGN_BIT = 0x80000000;

  private VectorPiecewise() {}

  static FloatVector sign(FloatVector x) {
    FloatVector y = x.blend(ONE, x.compare(VectorOperators.GT, ZERO));
    return y.blend(MINUS_ONE, x.compare(VectorOperators.LT, ZERO));
  }

  /** To the nearest integer, halves to even, −0 kept: adding 2²³ drops the fraction. */
  static FloatVector round(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector r = copySign(a.add(INTEGERS).sub(INTEGERS), x);
    return x.blend(r, a.compare(VectorOperators.LT, INTEGERS));
  }

  static FloatVector floor(FloatVector x) {
    FloatVector r = round(x);
    return copySign(r.blend(r.sub(ONE), r.compare(VectorOperators.GT, x)).abs(), x);
  }

  static FloatVector ceil(FloatVector x) {
    FloatVector r = round(x);
    return copySign(r.blend(r.add(ONE), r.compare(VectorOperators.LT, x)).abs(), x);
  }

  static FloatVector relu(FloatVector x) {
    return x.blend(ZERO, x.compare(VectorOperators.LE, ZERO));
  }

  static FloatVector leakyRelu(FloatVector x, FloatVector alpha) {
    return x.blend(x.mul(alpha), x.compare(VectorOperators.LT, ZERO));
  }

  static FloatVector thresholdedRelu(FloatVector x, FloatVector alpha) {
    return x.blend(ZERO, x.compare(VectorOperators.LE, alpha));
  }

  static FloatVector clip(FloatVector x, FloatVector min, FloatVector max) {
    FloatVector c = x.blend(min, x.compare(VectorOperators.LT, min));
    return c.blend(max, c.compare(VectorOperators.GT, max));
  }

  static FloatVector elu(FloatVector x, FloatVector alpha) {
    return x.blend(VectorExponential.expm1(x).mul(alpha), x.compare(VectorOperators.LT, ZERO));
  }

  static FloatVector selu(FloatVector x, FloatVector alpha, FloatVector beta) {
    FloatVector e = VectorExponential.expm1(x).mul(alpha);
    return e.blend(x, x.compare(VectorOperators.GT, ZERO)).mul(beta);
  }

  static FloatVector celu(FloatVector x, FloatVector alpha) {
    FloatVector e = VectorExponential.expm1(x.div(alpha)).mul(alpha);
    e = e.blend(ZERO, e.compare(VectorOperators.GT, ZERO));
    return x.blend(ZERO, x.compare(VectorOperators.LT, ZERO)).add(e);
  }

  static FloatVector softsign(FloatVector x) {
    return x.div(x.abs().add(ONE));
  }

  static FloatVector hardSigmoid(FloatVector x, FloatVector alpha, FloatVector beta) {
    return clip(x.fma(alpha, beta), ZERO, ONE);
  }

  static FloatVector hardSwish(FloatVector x) {
    return x.mul(clip(x.fma(SIXTH, HALF), ZERO, ONE));
  }

  static FloatVector prelu(FloatVector x, FloatVector slope) {
    return x.blend(slope.mul(x), x.compare(VectorOperators.LT, ZERO));
  }

  /** The non-negative {@code magnitude} with the sign of {@code x}. */
  private static FloatVector copySign(FloatVector magnitude, FloatVector x) {
    return x.reinterpretAsInts()
        .and(SIGN_BIT)
        .or(magnitude.reinterpretAsInts())
        .reinterpretAsFloats();
  }
}
