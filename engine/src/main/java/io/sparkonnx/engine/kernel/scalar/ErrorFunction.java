package io.sparkonnx.engine.kernel.scalar;

/** The error function and the gates that come from the normal distribution. */
public final class ErrorFunction {
  /** Up to this |x| erf is x + x·E(x²); above, 1 − e^L(|x|). */
  public static final float ERF_SMALL = 1f;

  /** From this |x| on erf is ±1. */
  public static final float ERF_MAX = 4f;

  public static final float E0 = 0x1.06eba8p-3f;
  public static final float E1 = -0x1.81273ep-2f;
  public static final float E2 = 0x1.ce2ce6p-4f;
  public static final float E3 = -0x1.b7f722p-6f;
  public static final float E4 = 0x1.53f2cap-8f;
  public static final float E5 = -0x1.a35990p-11f;
  public static final float E6 = 0x1.479270p-14f;

  public static final float L0 = 0x1.8a5b94p-13f;
  public static final float L1 = -0x1.212c0ep+0f;
  public static final float L2 = -0x1.443560p-1f;
  public static final float L3 = -0x1.bc1570p-4f;
  public static final float L4 = 0x1.9d044ap-6f;
  public static final float L5 = -0x1.138f52p-8f;
  public static final float L6 = 0x1.ced110p-12f;
  public static final float L7 = -0x1.6beb2ep-16f;

  /** From this |x| on both gates are 0 on the left and x on the right. */
  public static final float GELU_MAX = 15f;

  /** Up to this |x| the lower tail of the normal distribution at −a is ½ − a·N(a²). */
  public static final float TAIL_SMALL = 1f;

  public static final float N0 = 0x1.988454p-2f;
  public static final float N1 = -0x1.10586ep-4f;
  public static final float N2 = 0x1.46d882p-7f;
  public static final float N3 = -0x1.37b452p-10f;
  public static final float N4 = 0x1.e74556p-14f;
  public static final float N5 = -0x1.2140eap-17f;

  /** Above it is e^(−a²/2)·S((a − C)/(a + C))/(a + C). */
  public static final float TAIL_CENTER = 3f;

  public static final float S0 = 0x1.754a76p-1f;
  public static final float S1 = -0x1.04c72ap-1f;
  public static final float S2 = 0x1.d71284p-3f;
  public static final float S3 = -0x1.832c0cp-5f;
  public static final float S4 = -0x1.560338p-7f;
  public static final float S5 = 0x1.c883a8p-8f;
  public static final float S6 = 0x1.d60638p-11f;
  public static final float S7 = -0x1.0476e4p-10f;

  /** 2·√(2/π) in two floats. */
  public static final float LINEAR_HIGH = 0x1.988454p0f;

  public static final float LINEAR_LOW = -0x1.857936p-25f;

  /** 2·√(2/π)·0.044715 in two floats. */
  public static final float CUBIC_HIGH = 0x1.2444f2p-4f;

  public static final float CUBIC_LOW = 0x1.49b16ap-29f;

  private ErrorFunction() {}

  /** erf(x) = 2/√π ∫₀ˣ e^−t² dt. */
  public static float erf(float x) {
    float a = Math.abs(x);
    float c = a > ERF_MAX ? ERF_MAX : a;
    float l = Math.fma(L7, c, L6);
    l = Math.fma(l, c, L5);
    l = Math.fma(l, c, L4);
    l = Math.fma(l, c, L3);
    l = Math.fma(l, c, L2);
    l = Math.fma(l, c, L1);
    l = Math.fma(l, c, L0);
    float large = 1f - Exponential.exp(l);
    float s = x * x;
    float e = Math.fma(E6, s, E5);
    e = Math.fma(e, s, E4);
    e = Math.fma(e, s, E3);
    e = Math.fma(e, s, E2);
    e = Math.fma(e, s, E1);
    e = Math.fma(e, s, E0);
    float small = Math.fma(e, a, a);
    return Math.copySign(a < ERF_SMALL ? small : large, x);
  }

  /** 0.5·x·(1 + erf(x/√2)). */
  public static float gelu(float x) {
    float a = Math.abs(x);
    a = a > GELU_MAX ? GELU_MAX : a;
    float inverse = 1f / (a + TAIL_CENTER);
    float t = (a - TAIL_CENTER) * inverse;
    float p = Math.fma(S7, t, S6);
    p = Math.fma(p, t, S5);
    p = Math.fma(p, t, S4);
    p = Math.fma(p, t, S3);
    p = Math.fma(p, t, S2);
    p = Math.fma(p, t, S1);
    p = Math.fma(p, t, S0);
    float half = -0.5f * a;
    float exponent = half * a;
    float power = Exponential.exp(exponent, Math.fma(half, a, -exponent));
    float square = a * a;
    float q = Math.fma(N5, square, N4);
    q = Math.fma(q, square, N3);
    q = Math.fma(q, square, N2);
    q = Math.fma(q, square, N1);
    q = Math.fma(q, square, N0);
    float tail = a < TAIL_SMALL ? Math.fma(-a, q, 0.5f) : power * (p * inverse);
    return x * (x < 0f ? tail : 1f - tail);
  }

  /**
   * 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) = x·sigmoid(z), z = 2·√(2/π)·(x + 0.044715·x³), with
   * z in two floats.
   */
  public static float geluTanh(float x) {
    float a = Math.abs(x);
    a = a > GELU_MAX ? GELU_MAX : a;
    float square = a * a;
    float squareLow = Math.fma(a, a, -square);
    float m = CUBIC_HIGH * square;
    float mLow = Math.fma(CUBIC_HIGH, square, -m);
    float p = LINEAR_HIGH + m;
    float b = p - LINEAR_HIGH;
    float pLow = (LINEAR_HIGH - (p - b)) + (m - b);
    float rest = Math.fma(CUBIC_HIGH, squareLow, Math.fma(CUBIC_LOW, square, LINEAR_LOW));
    pLow = pLow + (mLow + rest);
    float z = a * p;
    float zLow = Math.fma(a, pLow, Math.fma(a, p, -z));
    float e = Exponential.exp(-z, -zLow);
    return x * Sigmoidal.logistic(e, x < 0f);
  }
}
