package io.sparkonnx.engine.kernel.scalar;

/**
 * The natural logarithm of floats.
 *
 * <p>x = 2^k·(1 + f) with 1 + f between √½ and √2, and ln(1 + f) = f + f²·Q(f) with a minimax
 * polynomial.
 */
public final class Logarithm {
  /** Factor that makes subnormal numbers normal. */
  public static final float SUBNORMAL_SCALE = 0x1p23f;

  public static final float SUBNORMAL_EXPONENT = 23f;

  /** Bits of the float next to √½. */
  public static final int SQRT_HALF_BITS = 0x3F3504F3;

  public static final int MANTISSA_MASK = 0x7FFFFF;

  /** √2 − 1. */
  public static final float SQRT_TWO_MINUS_ONE = 0x1.a8279ap-2f;

  public static final float Q0 = -0.5f;
  public static final float Q1 = 0x1.555546p-2f;
  public static final float Q2 = -0x1.ffffeep-3f;
  public static final float Q3 = 0x1.99a544p-3f;
  public static final float Q4 = -0x1.5562e2p-3f;
  public static final float Q5 = 0x1.2332c6p-3f;
  public static final float Q6 = -0x1.fb4316p-4f;
  public static final float Q7 = 0x1.e65150p-4f;
  public static final float Q8 = -0x1.e2ec3cp-4f;
  public static final float Q9 = 0x1.1b438ep-4f;

  private Logarithm() {}

  /** ln x; −Inf for zero, NaN for negative x. */
  public static float log(float x) {
    boolean small = x < Float.MIN_NORMAL;
    float m = small ? x * SUBNORMAL_SCALE : x;
    int bits = Float.floatToRawIntBits(m) - SQRT_HALF_BITS;
    float k = Float.intBitsToFloat((bits >> 23) + Exponential.MAGIC_BITS) - Exponential.MAGIC;
    k = small ? k - SUBNORMAL_EXPONENT : k;
    float f = Float.intBitsToFloat((bits & MANTISSA_MASK) + SQRT_HALF_BITS) - 1f;
    float y = combined(k, f);
    y = x < Float.POSITIVE_INFINITY ? y : x;
    y = x == 0f ? Float.NEGATIVE_INFINITY : y;
    return x < 0f ? Float.NaN : y;
  }

  /** ln(1 + x) for x between 0 and 1. */
  public static float log1p(float x) {
    boolean large = x > SQRT_TWO_MINUS_ONE;
    return combined(large ? 1f : 0f, large ? Math.fma(x, 0.5f, -0.5f) : x);
  }

  private static float combined(float k, float f) {
    float q = Math.fma(Q9, f, Q8);
    q = Math.fma(q, f, Q7);
    q = Math.fma(q, f, Q6);
    q = Math.fma(q, f, Q5);
    q = Math.fma(q, f, Q4);
    q = Math.fma(q, f, Q3);
    q = Math.fma(q, f, Q2);
    q = Math.fma(q, f, Q1);
    q = Math.fma(q, f, Q0);
    float low = Math.fma(k, Exponential.LN2_LOW, f * f * q);
    return Math.fma(k, Exponential.LN2_HIGH, f + low);
  }
}
