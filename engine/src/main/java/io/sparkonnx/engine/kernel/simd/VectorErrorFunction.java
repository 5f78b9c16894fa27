package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.broadcast;

import io.sparkonnx.engine.kernel.scalar.ErrorFunction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Twin of {@link ErrorFunction} on vectors. */
final class VectorErrorFunction {
  private static final FloatVector ERF_SMALL = broadcast(ErrorFunction.ERF_SMALL);
  private static final FloatVector ERF_MAX = broadcast(ErrorFunction.ERF_MAX);
  private static final FloatVector E0 = broadcast(ErrorFunction.E0);
  private static final FloatVector E1 = broadcast(ErrorFunction.E1);
  private static final FloatVector E2 = broadcast(ErrorFunction.E2);
  private static final FloatVector E3 = broadcast(ErrorFunction.E3);
  private static final FloatVector E4 = broadcast(ErrorFunction.E4);
  private static final FloatVector E5 = broadcast(ErrorFunction.E5);
  private static final FloatVector E6 = broadcast(ErrorFunction.E6);
  private static final FloatVector L0 = broadcast(ErrorFunction.L0);
  private static final FloatVector L1 = broadcast(ErrorFunction.L1);
  private static final FloatVector L2 = broadcast(ErrorFunction.L2);
  private static final FloatVector L3 = broadcast(ErrorFunction.L3);
  private static final FloatVector L4 = broadcast(ErrorFunction.L4);
  private static final FloatVector L5 = broadcast(ErrorFunction.L5);
  private static final FloatVector L6 = broadcast(ErrorFunction.L6);
  private static final FloatVector L7 = broadcast(ErrorFunction.L7);
  private static final FloatVector GELU_MAX = broadcast(ErrorFunction.GELU_MAX);
  private static final FloatVector TAIL_SMALL = broadcast(ErrorFunction.TAIL_SMALL);
  private static final FloatVector N0 = broadcast(ErrorFunction.N0);
  private static final FloatVector N1 = broadcast(ErrorFunction.N1);
  private static final FloatVector N2 = broadcast(ErrorFunction.N2);
  private static final FloatVector N3 = broadcast(ErrorFunction.N3);
  private static final FloatVector N4 = broadcast(ErrorFunction.N4);
  private static final FloatVector N5 = broadcast(ErrorFunction.N5);
  private static final FloatVector TAIL_CENTER = broadcast(ErrorFunction.TAIL_CENTER);
  private static final FloatVector S0 = broadcast(ErrorFunction.S0);
  private static final FloatVector S1 = broadcast(ErrorFunction.S1);
  private static final FloatVector S2 = broadcast(ErrorFunction.S2);
  private static final FloatVector S3 = broadcast(ErrorFunction.S3);
  private static final FloatVector S4 = broadcast(ErrorFunction.S4);
  private static final FloatVector S5 = broadcast(ErrorFunction.S5);
  private static final FloatVector S6 = broadcast(ErrorFunction.S6);
  private static final FloatVector S7 = broadcast(ErrorFunction.S7);
  private static final FloatVector LINEAR_HIGH = broadcast(ErrorFunction.LINEAR_HIGH);
  private static final FloatVector LINEAR_LOW = broadcast(ErrorFunction.LINEAR_LOW);
  private static final FloatVector CUBIC_HIGH = broadcast(ErrorFunction.CUBIC_HIGH);
  private static final FloatVector CUBIC_LOW = broadcast(ErrorFunction.CUBIC_LOW);
  private static final FloatVector MINUS_HALF = broadcast(-0.5f);
  private static final FloatVector ZERO = broadcast(0f);
  private static final FloatVector HALF = broadcast(0.5f);
  private static final FloatVector ONE = broadcast(1f);
  private static final int SIGN_BIT = 0x80000000;

  private VectorErrorFunction() {}

  static FloatVector erf(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector c = a.blend(ERF_MAX, a.compare(VectorOperators.GT, ERF_MAX));
    FloatVector l = c.fma(L7, L6).fma(c, L5).fma(c, L4).fma(c, L3).fma(c, L2).fma(c, L1);
    FloatVector large = ONE.sub(VectorExponential.exp(l.fma(c, L0)));
    FloatVector s = x.mul(x);
    FloatVector e = s.fma(E6, E5).fma(s, E4).fma(s, E3).fma(s, E2).fma(s, E1).fma(s, E0);
    FloatVector y = large.blend(e.fma(a, a), a.compare(VectorOperators.LT, ERF_SMALL));
    return x.reinterpretAsInts().and(SIGN_BIT).or(y.reinterpretAsInts()).reinterpretAsFloats();
  }

  static FloatVector gelu(FloatVector x) {
    FloatVector a = x.abs();
    a = a.blend(GELU_MAX, a.compare(VectorOperators.GT, GELU_MAX));
    FloatVector half = a.mul(MINUS_HALF);
    FloatVector exponent = half.mul(a);
    FloatVector power = VectorExponential.exp(exponent, half.fma(a, exponent.neg()));
    FloatVector inverse = ONE.div(a.add(TAIL_CENTER));
    FloatVector t = a.sub(TAIL_CENTER).mul(inverse);
    FloatVector p = t.fma(S7, S6).fma(t, S5).fma(t, S4).fma(t, S3).fma(t, S2).fma(t, S1);
    FloatVector far = power.mul(p.fma(t, S0).mul(inverse));
    FloatVector square = a.mul(a);
    FloatVector q = square.fma(N5, N4).fma(square, N3).fma(square, N2).fma(square, N1);
    FloatVector near = a.neg().fma(q.fma(square, N0), HALF);
    FloatVector tail = far.blend(near, a.compare(VectorOperators.LT, TAIL_SMALL));
    return x.mul(ONE.sub(tail).blend(tail, x.compare(VectorOperators.LT, ZERO)));
  }

  static FloatVector geluTanh(FloatVector x) {
    FloatVector a = x.abs();
    a = a.blend(GELU_MAX, a.compare(VectorOperators.GT, GELU_MAX));
    FloatVector square = a.mul(a);
    FloatVector squareLow = a.fma(a, square.neg());
    FloatVector m = CUBIC_HIGH.mul(square);
    FloatVector mLow = CUBIC_HIGH.fma(square, m.neg());
    FloatVector p = LINEAR_HIGH.add(m);
    FloatVector b = p.sub(LINEAR_HIGH);
    FloatVector pLow = LINEAR_HIGH.sub(p.sub(b)).add(m.sub(b));
    FloatVector rest = squareLow.fma(CUBIC_HIGH, square.fma(CUBIC_LOW, LINEAR_LOW));
    pLow = pLow.add(mLow.add(rest));
    FloatVector z = a.mul(p);
    FloatVector zLow = a.fma(pLow, a.fma(p, z.neg()));
    FloatVector e = VectorExponential.exp(z.neg(), zLow.neg());
    FloatVector q = e.div(e.add(ONE));
    FloatVector left = e.neg().fma(q, e);
    return x.mul(ONE.sub(q).blend(left, x.compare(VectorOperators.LT, ZERO)));
  }
}
