package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.broadcast;

import io.sparkonnx.engine.kernel.scalar.Exponential;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Twin of {@link Exponential} on vectors. */
final class VectorExponential {
  private static final FloatVector MAX = broadcast(Exponential.MAX);
  private static final FloatVector MIN = broadcast(Exponential.MIN);
  private static final FloatVector EXPM1_MIN = broadcast(Exponential.EXPM1_MIN);
  private static final FloatVector EXPM1_LINEAR = broadcast(Exponential.EXPM1_LINEAR);
  private static final FloatVector MAGIC = broadcast(Exponential.MAGIC);
  private static final FloatVector LOG2_E = broadcast(Exponential.LOG2_E);
  private static final FloatVector MINUS_LN2_HIGH = broadcast(-Exponential.LN2_HIGH);
  private static final FloatVector MINUS_LN2_LOW = broadcast(-Exponential.LN2_LOW);
  private static final FloatVector P0 = broadcast(Exponential.P0);
  private static final FloatVector P1 = broadcast(Exponential.P1);
  private static final FloatVector P2 = broadcast(Exponential.P2);
  private static final FloatVector P3 = broadcast(Exponential.P3);
  private static final FloatVector P4 = broadcast(Exponential.P4);
  private static final FloatVector P5 = broadcast(Exponential.P5);
  private static final FloatVector HALF = broadcast(0.5f);
  private static final FloatVector ONE = broadcast(1f);
  private static final FloatVector ZERO = broadcast(0f);
  private static final IntVector MAGIC_BITS = MAGIC.reinterpretAsInts();
  private static final IntVector MAGIC_BITS_AND_ONE = MAGIC_BITS.add(1);
  private static final IntVector EXPONENT_BIAS = MAGIC_BITS.broadcast(127);

  private VectorExponential() {}

  static FloatVector exp(FloatVector x) {
    return exp(x, ZERO);
  }

  /** e^(x + low). */
  static FloatVector exp(FloatVector x, FloatVector low) {
    FloatVector c = x.blend(MIN, x.compare(VectorOperators.LT, MIN));
    c = c.blend(MAX, c.compare(VectorOperators.GT, MAX));
    FloatVector t = c.fma(LOG2_E, MAGIC);
    FloatVector n = t.sub(MAGIC);
    FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, c)).add(low);
    FloatVector p = r.fma(P5, P4).fma(r, P3).fma(r, P2).fma(r, P1).fma(r, P0);
    p = p.fma(r, ONE).fma(r, ONE);
    IntVector exponent = t.reinterpretAsInts().sub(MAGIC_BITS);
    IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
    IntVector rest = exponent.sub(half).add(EXPONENT_BIAS);
    half = half.add(EXPONENT_BIAS);
    return p.mul(half.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats())
        .mul(rest.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
  }

  static FloatVector expm1(FloatVector x) {
    FloatVector c = x.blend(EXPM1_MIN, x.compare(VectorOperators.LT, EXPM1_MIN));
    c = c.blend(MAX, c.compare(VectorOperators.GT, MAX));
    FloatVector t = c.fma(LOG2_E, MAGIC);
    FloatVector n = t.sub(MAGIC);
    FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, c));
    FloatVector p = r.fma(P5, P4).fma(r, P3).fma(r, P2).fma(r, P1).fma(r, P0);
    FloatVector q = r.mul(r).fma(p, r);
    IntVector exponent = t.reinterpretAsInts().sub(MAGIC_BITS_AND_ONE).add(EXPONENT_BIAS);
    FloatVector half = exponent.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    FloatVector y = half.fma(q, half.sub(HALF));
    return y.add(y).blend(x, x.abs().compare(VectorOperators.LT, EXPM1_LINEAR));
  }
}
