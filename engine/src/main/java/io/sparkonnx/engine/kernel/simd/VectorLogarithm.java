package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.broadcast;

import io.sparkonnx.engine.kernel.scalar.Exponential;
import io.sparkonnx.engine.kernel.scalar.Logarithm;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Twin of {@link Logarithm} on vectors. */
final class VectorLogarithm {
  private static final FloatVector Q0 = broadcast(Logarithm.Q0);
  private static final FloatVector Q1 = broadcast(Logarithm.Q1);
  private static final FloatVector Q2 = broadcast(Logarithm.Q2);
  private static final FloatVector Q3 = broadcast(Logarithm.Q3);
  private static final FloatVector Q4 = broadcast(Logarithm.Q4);
  private static final FloatVector Q5 = broadcast(Logarithm.Q5);
  private static final FloatVector Q6 = broadcast(Logarithm.Q6);
  private static final FloatVector Q7 = broadcast(Logarithm.Q7);
  private static final FloatVector Q8 = broadcast(Logarithm.Q8);
  private static final FloatVector Q9 = broadcast(Logarithm.Q9);
  private static final FloatVector LN2_HIGH = broadcast(Exponential.LN2_HIGH);
  private static final FloatVector LN2_LOW = broadcast(Exponential.LN2_LOW);
  private static final FloatVector MAGIC = broadcast(Exponential.MAGIC);
  private static final FloatVector MIN_NORMAL = broadcast(Float.MIN_NORMAL);
  private static final FloatVector SUBNORMAL_SCALE = broadcast(Logarithm.SUBNORMAL_SCALE);
  private static final FloatVector SUBNORMAL_EXPONENT = broadcast(Logarithm.SUBNORMAL_EXPONENT);
  private static final FloatVector SQRT_TWO_MINUS_ONE = broadcast(Logarithm.SQRT_TWO_MINUS_ONE);
  private static final FloatVector INFINITY = broadcast(Float.POSITIVE_INFINITY);
  private static final FloatVector MINUS_INFINITY = broadcast(Float.NEGATIVE_INFINITY);
  private static final FloatVector NAN = broadcast(Float.NaN);
  private static final FloatVector MINUS_HALF = broadcast(-0.5f);
  private static final FloatVector ZERO = broadcast(0f);
  private static final FloatVector HALF = broadcast(0.5f);
  private static final FloatVector ONE = broadcast(1f);
  private static final IntVector MAGIC_BITS = MAGIC.reinterpretAsInts();
  private static final IntVector SQRT_HALF = MAGIC_BITS.broadcast(Logarithm.SQRT_HALF_BITS);
  private static final IntVector MANTISSA = MAGIC_BITS.broadcast(Logarithm.MANTISSA_MASK);

  private VectorLogarithm() {}

  static FloatVector log(FloatVector x) {
    VectorMask<Float> small = x.compare(VectorOperators.LT, MIN_NORMAL);
    IntVector bits = x.blend(x.mul(SUBNORMAL_SCALE), small).reinterpretAsInts().sub(SQRT_HALF);
    IntVector exponent = bits.lanewise(VectorOperators.ASHR, 23).add(MAGIC_BITS);
    FloatVector k = exponent.reinterpretAsFloats().sub(MAGIC);
    k = k.blend(k.sub(SUBNORMAL_EXPONENT), small);
    FloatVector f = bits.and(MANTISSA).add(SQRT_HALF).reinterpretAsFloats().sub(ONE);
    FloatVector y = x.blend(combined(k, f), x.compare(VectorOperators.LT, INFINITY));
    y = y.blend(MINUS_INFINITY, x.compare(VectorOperators.EQ, ZERO));
    return y.blend(NAN, x.compare(VectorOperators.LT, ZERO));
  }

  /** ln(1 + x) for x between 0 and 1. */
  static FloatVector log1p(FloatVector x) {
    VectorMask<Float> large = x.compare(VectorOperators.GT, SQRT_TWO_MINUS_ONE);
    return combined(ZERO.blend(ONE, large), x.blend(x.fma(HALF, MINUS_HALF), large));
  }

  private static FloatVector combined(FloatVector k, FloatVector f) {
    FloatVector q = f.fma(Q9, Q8).fma(f, Q7).fma(f, Q6).fma(f, Q5).fma(f, Q4).fma(f, Q3);
    q = q.fma(f, Q2).fma(f, Q1).fma(f, Q0);
    FloatVector low = k.fma(LN2_LOW, f.mul(f).mul(q));
    return k.fma(LN2_HIGH, f.add(low));
  }
}
