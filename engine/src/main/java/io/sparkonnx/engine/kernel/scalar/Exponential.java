package io.sparkonnx.engine.kernel.scalar;

/**
 * The exponential function of floats and its relatives.
 *
 * <p>x is split as n·ln 2 + r with |r| ≤ ln 2 / 2 by two fma (Cody and Waite), e^r − 1 = r +
 * r²·P(r) with a minimax polynomial, and 2ⁿ is multiplied in two halves, so that results overflow
 * and become subnormal as they should.
 */
public final class Exponential {
  /** Adding and subtracting this rounds to the nearest integer. */
  public static final float MAGIC = 0x1.8p23f;

  public static final int MAGIC_BITS = 0x4B400000;
  public static final float LOG2_E = 0x1.715476p0f;
  public static final float LN2_HIGH = 0x1.62e430p-1f;
  public static final float LN2_LOW = -0x1.05c610p-29f;

  /** Above this the exponential overflows. */
  public static final float MAX = 89f;

  /** Below this the exponential rounds to zero. */
  public static final float MIN = -104f;

  /** Below this e^x − 1 rounds to −1. */
  public static final float EXPM1_MIN = -18f;

  /** Up to this |x|, e^x − 1 is x within half an ulp. */
  public static final float EXPM1_LINEAR = 0x1p-25f;

  public static final float P0 = 0.5f;
  public static final float P1 = 0x1.555554p-3f;
  public static final float P2 = 0x1.5554e6p-5f;
  public static final float P3 = 0x1.111302p-7f;
  public static final float P4 = 0x1.6d4f4ep-10f;
  public static final float P5 = 0x1.9e187cp-13f;

  private Exponential() {}

  /** e^x. */
  public static float exp(float x) {
    float c = clamp(x, MIN, MAX);
    float t = Math.fma(c, LOG2_E, MAGIC);
    return scaled(reduced(c, t - MAGIC), t);
  }

  /** e^(x + low) for a small correction {@code low} to x. */
  public static float exp(float x, float low) {
    float c = clamp(x, MIN, MAX);
    float t = Math.fma(c, LOG2_E, MAGIC);
    return scaled(reduced(c, t - MAGIC) + low, t);
  }

  /** e^x − 1. */
  public static float expm1(float x) {
    float c = clamp(x, EXPM1_MIN, MAX);
    float t = Math.fma(c, LOG2_E, MAGIC);
    float r = reduced(c, t - MAGIC);
    float q = Math.fma(r * r, polynomial(r), r);
    float half = powerOfTwo(Float.floatToRawIntBits(t) - MAGIC_BITS - 1);
    float y = Math.fma(half, q, half - 0.5f);
    return Math.abs(x) < EXPM1_LINEAR ? x : y + y;
  }

  static float clamp(float x, float min, float max) {
    float c = x < min ? min : x;
    return c > max ? max : c;
  }

  private static float reduced(float x, float n) {
    return Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
  }

  private static float polynomial(float r) {
    float p = Math.fma(P5, r, P4);
    p = Math.fma(p, r, P3);
    p = Math.fma(p, r, P2);
    p = Math.fma(p, r, P1);
    return Math.fma(p, r, P0);
  }

  private static float scaled(float r, float t) {
    float p = Math.fma(polynomial(r), r, 1f);
    p = Math.fma(p, r, 1f);
    int n = Float.floatToRawIntBits(t) - MAGIC_BITS;
    int half = n >> 1;
    return p * powerOfTwo(half) * powerOfTwo(n - half);
  }

  private static float powerOfTwo(int n) {
    return Float.intBitsToFloat((n + 127) << 23);
  }
}
