package io.sparkonnx.engine.kernel.scalar;

/**
 * Powers of floats: 2^(b·log₂ a) in double arithmetic, rounded once, with the special values of
 * {@link Math#pow}.
 */
public final class Power {
  private static final double[] LOG2 = {
    0x1.71547652b82fep+1,
    0x1.ec709dc3a03fdp-1,
    0x1.2776c50ef9bfep-1,
    0x1.a61762a7aded9p-2,
    0x1.484b13d7c02a9p-2,
    0x1.0c9a84994022dp-2,
    0x1.c68f568d31760p-3,
    0x1.89f3b1694cffep-3,
    0x1.5b9ac9b743f0dp-3
  };

  private static final double[] EXP2 = {
    0x1.0000000000000p+0,
    0x1.62e42fefa39efp-1,
    0x1.ebfbdff82c58fp-3,
    0x1.c6b08d704a0c0p-5,
    0x1.3b2ab6fba4e77p-7,
    0x1.5d87fe78a6731p-10,
    0x1.430912f86c787p-13,
    0x1.ffcbfc588b0c7p-17,
    0x1.62c0223a5c824p-20,
    0x1.b5253d395e7c4p-24,
    0x1.e4cf5158b8ecap-28,
    0x1.e8cac7351bb25p-32,
    0x1.c3bd650fc2986p-36
  };

  private static final long SQRT_HALF_BITS = 0x3FE6A09E667F3BCDL;
  private static final long MANTISSA_MASK = 0xFFFFFFFFFFFFFL;
  private static final double MAGIC = 0x1.8p52;

  /** Beyond this every power of two overflows a float. */
  private static final double MAX_EXPONENT = 200;

  private Power() {}

  /** a to the power b. */
  public static float pow(float a, float b) {
    if (b == 2f) {
      return a * a;
    }
    if (b == 3f) {
      return a * a * a;
    }
    if (b == 0.5f) {
      return sqrt(a);
    }
    if (b == 1f) {
      return a;
    }
    if (b == 0f) {
      return 1f;
    }
    if (Float.isNaN(a) || Float.isNaN(b)) {
      return Float.NaN;
    }
    float magnitude = Math.abs(a);
    if (Math.abs(b) == Float.POSITIVE_INFINITY) {
      if (magnitude == 1f) {
        return Float.NaN;
      }
      return magnitude > 1f == b > 0f ? Float.POSITIVE_INFINITY : 0f;
    }
    boolean negative = Float.floatToRawIntBits(a) < 0;
    boolean odd = negative && isOdd(b);
    if (magnitude == 0f || magnitude == Float.POSITIVE_INFINITY) {
      float limit = magnitude == 0f == b < 0f ? Float.POSITIVE_INFINITY : 0f;
      return odd ? -limit : limit;
    }
    if (negative && Math.rint(b) != b) {
      return Float.NaN;
    }
    float y = (float) exp2(b * log2(magnitude));
    return odd ? -y : y;
  }

  /** a to the power ½: +0 for −0 and +Inf for −Inf, unlike the square root. */
  private static float sqrt(float a) {
    return a == Float.NEGATIVE_INFINITY ? Float.POSITIVE_INFINITY : (float) Math.sqrt(a) + 0f;
  }

  private static boolean isOdd(float b) {
    return Math.abs(b) < 0x1p24f && Math.rint(b) == b && ((int) b & 1) != 0;
  }

  /** log₂ of a positive finite float, through atanh((m − 1)/(m + 1)). */
  private static double log2(double x) {
    long bits = Double.doubleToRawLongBits(x) - SQRT_HALF_BITS;
    double m = Double.longBitsToDouble((bits & MANTISSA_MASK) + SQRT_HALF_BITS);
    double s = (m - 1) / (m + 1);
    double z = s * s;
    double p = LOG2[8];
    for (int i = 7; i >= 0; i--) {
      p = Math.fma(p, z, LOG2[i]);
    }
    return Math.fma(p, s, (double) (bits >> 52));
  }

  private static double exp2(double x) {
    double c = x < -MAX_EXPONENT ? -MAX_EXPONENT : x;
    c = c > MAX_EXPONENT ? MAX_EXPONENT : c;
    double t = c + MAGIC;
    double r = c - (t - MAGIC);
    double p = EXP2[12];
    for (int i = 11; i >= 0; i--) {
      p = Math.fma(p, r, EXP2[i]);
    }
    long n = Double.doubleToRawLongBits(t) << 52;
    return Double.longBitsToDouble(Double.doubleToRawLongBits(p) + n);
  }
}
