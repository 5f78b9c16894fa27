package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.broadcast;

import io.sparkonnx.engine.kernel.scalar.Exponential;
import io.sparkonnx.engine.kernel.scalar.Sigmoidal;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Twin of {@link Sigmoidal} on vectors. */
final class VectorSigmoidal {
  private static final FloatVector TANH_SMALL = broadcast(Sigmoidal.TANH_SMALL);
  private static final FloatVector TANH_MAX = broadcast(Sigmoidal.TANH_MAX);
  private static final FloatVector T0 = broadcast(Sigmoidal.T0);
  private static final FloatVector T1 = broadcast(Sigmoidal.T1);
  private static final FloatVector T2 = broadcast(Sigmoidal.T2);
  private static final FloatVector T3 = broadcast(Sigmoidal.T3);
  private static final FloatVector T4 = broadcast(Sigmoidal.T4);
  private static final FloatVector MIN = broadcast(Exponential.MIN);
  private static final FloatVector MINUS_MIN = broadcast(-Exponential.MIN);
  private static final FloatVector ZERO = broadcast(0f);
  private static final FloatVector HALF = broadcast(0.5f);
  private static final FloatVector ONE = broadcast(1f);
  private static final FloatVector TWO = broadcast(2f);
  private static final int SIGN_BIT = 0x80000000;

  private VectorSigmoidal() {}

  static FloatVector tanh(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector c = a.blend(TANH_MAX, a.compare(VectorOperators.GT, TANH_MAX));
    FloatVector large = ONE.sub(TWO.div(VectorExponential.exp(c.add(c)).add(ONE)));
    FloatVector s = x.mul(x);
    FloatVector t = s.fma(T4, T3).fma(s, T2).fma(s, T1).fma(s, T0);
    FloatVector small = t.mul(s).fma(a, a);
    FloatVector y = large.blend(small, a.compare(VectorOperators.LT, TANH_SMALL));
    return x.reinterpretAsInts().and(SIGN_BIT).or(y.reinterpretAsInts()).reinterpretAsFloats();
  }

  static FloatVector sigmoid(FloatVector x) {
    FloatVector e = VectorExponential.exp(x.abs().neg());
    return logistic(e, x.compare(VectorOperators.LT, ZERO));
  }

  static FloatVector logistic(FloatVector e, VectorMask<Float> negative) {
    FloatVector q = e.div(e.add(ONE));
    return ONE.sub(q).blend(e.neg().fma(q, e), negative);
  }

  static FloatVector swish(FloatVector x, FloatVector alpha) {
    FloatVector z = x.mul(alpha);
    z = z.blend(MIN, z.compare(VectorOperators.LT, MIN));
    z = z.blend(MINUS_MIN, z.compare(VectorOperators.GT, MINUS_MIN));
    FloatVector low = x.fma(alpha, z.neg());
    low = ZERO.blend(low, low.abs().compare(VectorOperators.LT, ONE));
    VectorMask<Float> negative = z.compare(VectorOperators.LT, ZERO);
    FloatVector e = VectorExponential.exp(z.abs().neg(), low.neg().blend(low, negative));
    return x.mul(logistic(e, negative));
  }

  static FloatVector softplus(FloatVector x) {
    FloatVector l = VectorLogarithm.log1p(VectorExponential.exp(x.abs().neg()));
    return x.blend(ZERO, x.compare(VectorOperators.LT, ZERO)).add(l);
  }

  static FloatVector mish(FloatVector x) {
    FloatVector e = VectorExponential.exp(x.abs().neg());
    VectorMask<Float> negative = x.compare(VectorOperators.LT, ZERO);
    FloatVector twice = e.add(e);
    FloatVector h = e.mul(HALF).fma(e, e);
    FloatVector square = twice.mul(e);
    FloatVector numerator = square.blend(h, negative);
    FloatVector denominator = twice.add(ONE).add(square).blend(h.add(ONE), negative);
    FloatVector q = numerator.div(denominator);
    return x.mul(ONE.sub(q).blend(h.neg().fma(q, h), negative));
  }
}
