package io.sparkonnx.engine.kernel.scalar;

/** S-shaped functions and the gates made of them; all go through e^−|x|, which never overflows. */
public final class Sigmoidal {
  /** Up to this |x| tanh is x + x³·T(x²); above, 1 − 2/(e^2|x| + 1). */
  public static final float TANH_SMALL = 0.55f;

  /** From this |x| on tanh is ±1. */
  public static final float TANH_MAX = 10f;

  public static final float T0 = -0x1.55554cp-2f;
  public static final float T1 = 0x1.110d6ap-3f;
  public static final float T2 = -0x1.b93204p-5f;
  public static final float T3 = 0x1.598306p-6f;
  public static final float T4 = -0x1.9c9978p-8f;

  private Sigmoidal() {}

  /** Hyperbolic tangent. */
  public static float tanh(float x) {
    float a = Math.abs(x);
    float c = a > TANH_MAX ? TANH_MAX : a;
    float large = 1f - 2f / (Exponential.exp(c + c) + 1f);
    float s = x * x;
    float t = Math.fma(T4, s, T3);
    t = Math.fma(t, s, T2);
    t = Math.fma(t, s, T1);
    t = Math.fma(t, s, T0);
    float small = Math.fma(t * s, a, a);
    return Math.copySign(a < TANH_SMALL ? small : large, x);
  }

  /** 1 / (1 + e^−x). */
  public static float sigmoid(float x) {
    return logistic(Exponential.exp(-Math.abs(x)), x < 0f);
  }

  /** With e = e^−|x|: e − e·(e/(1 + e)) for negative x, else 1 − e/(1 + e). */
  static float logistic(float e, boolean negative) {
    float q = e / (1f + e);
    return negative ? Math.fma(-e, q, e) : 1f - q;
  }

  /** x · sigmoid(alpha·x). */
  public static float swish(float x, float alpha) {
    float z = Exponential.clamp(alpha * x, Exponential.MIN, -Exponential.MIN);
    float low = Math.fma(alpha, x, -z);
    low = Math.abs(low) < 1f ? low : 0f;
    boolean negative = z < 0f;
    float e = Exponential.exp(-Math.abs(z), negative ? low : -low);
    return x * logistic(e, negative);
  }

  /** ln(1 + e^x). */
  public static float softplus(float x) {
    float e = Exponential.exp(-Math.abs(x));
    return (x < 0f ? 0f : x) + Logarithm.log1p(e);
  }

  /**
   * x · tanh(softplus(x)) with e = e^−|x|: h − h·(h/(1 + h)), h = e + e²/2, times x for negative x,
   * else x·(1 − 2e²/(1 + 2e + 2e²)).
   */
  public static float mish(float x) {
    float e = Exponential.exp(-Math.abs(x));
    boolean negative = x < 0f;
    float twice = e + e;
    float h = Math.fma(0.5f * e, e, e);
    float square = twice * e;
    float q = negative ? h / (1f + h) : square / (1f + twice + square);
    return x * (negative ? Math.fma(-h, q, h) : 1f - q);
  }
}
