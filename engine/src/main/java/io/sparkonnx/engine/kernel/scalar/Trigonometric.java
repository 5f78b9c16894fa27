package io.sparkonnx.engine.kernel.scalar;

/**
 * Sine and cosine of floats, in double arithmetic and rounded once.
 *
 * <p>x is reduced to n·π/2 + r with |r| ≤ π/4: by two fma up to 2^40, and above by multiplying the
 * significand with the bits of 2/π that still matter (Payne and Hanek), in fixed point.
 */
public final class Trigonometric {
  private static final double TWO_OVER_PI = 0x1.45f306dc9c883p-1;
  private static final double HALF_PI_HIGH = 0x1.921fb54442d18p0;
  private static final double HALF_PI_LOW = 0x1.1a62633145c07p-54;
  private static final double MAGIC = 0x1.8p52;
  private static final float LARGE = 0x1p40f;

  /** The first 256 bits of 2/π behind the binary point. */
  private static final long[] TWO_OVER_PI_BITS = {
    0xa2f9836e4e441529L, 0xfc2757d1f534ddc0L, 0xdb6295993c439041L, 0xfe5163abdebbc561L
  };

  private static final double S3 = -0x1.5555555555555p-3;
  private static final double S5 = 0x1.1111111111111p-7;
  private static final double S7 = -0x1.a01a01a01a01ap-13;
  private static final double S9 = 0x1.71de3a556c734p-19;
  private static final double S11 = -0x1.ae64567f544e4p-26;

  private static final double C2 = -0.5;
  private static final double C4 = 0x1.5555555555555p-5;
  private static final double C6 = -0x1.6c16c16c16c17p-10;
  private static final double C8 = 0x1.a01a01a01a01ap-16;
  private static final double C10 = -0x1.27e4fb7789f5cp-22;
  private static final double C12 = 0x1.1eed8eff8d898p-29;

  private Trigonometric() {}

  /** Sine; NaN for infinite x. */
  public static float sin(float x) {
    return quarter(x, 0);
  }

  /** Cosine; NaN for infinite x. */
  public static float cos(float x) {
    return quarter(x, 1);
  }

  /** sin(x + turn·π/2). */
  private static float quarter(float x, int turn) {
    float a = Math.abs(x);
    if (a < LARGE) {
      double t = Math.fma((double) x, TWO_OVER_PI, MAGIC);
      double n = t - MAGIC;
      double r = Math.fma(n, -HALF_PI_LOW, Math.fma(n, -HALF_PI_HIGH, (double) x));
      if (turn == 0 && r == 0) {
        return x;
      }
      return sinOrCos(r, (int) Double.doubleToRawLongBits(t) + turn);
    }
    if (!(a < Float.POSITIVE_INFINITY)) {
      return Float.NaN;
    }
    return large(x, turn);
  }

  private static float large(float x, int turn) {
    int bits = Float.floatToRawIntBits(x);
    long significand = (bits & 0x7FFFFF) | 0x800000;
    int position = ((bits >>> 23) & 0xFF) - 152;
    long high = word(position);
    long low = word(position + 64);
    long carry = Math.multiplyHigh(significand, low) + (low < 0 ? significand : 0);
    long turns = significand * high + carry;
    long n = (turns + (1L << 61)) >>> 62;
    double r = (double) (turns - (n << 62)) * 0x1p-62 * HALF_PI_HIGH;
    return x < 0f ? sinOrCos(-r, turn - (int) n) : sinOrCos(r, turn + (int) n);
  }

  /** 64 bits of 2/π from {@code position}. */
  private static long word(int position) {
    int index = position >> 6;
    int shift = position & 63;
    long head = TWO_OVER_PI_BITS[index] << shift;
    return shift == 0 ? head : head | (TWO_OVER_PI_BITS[index + 1] >>> (64 - shift));
  }

  private static float sinOrCos(double r, int n) {
    double s = r * r;
    double y;
    if ((n & 1) == 0) {
      double p = Math.fma(S11, s, S9);
      p = Math.fma(p, s, S7);
      p = Math.fma(p, s, S5);
      p = Math.fma(p, s, S3);
      y = Math.fma(p * s, r, r);
    } else {
      double p = Math.fma(C12, s, C10);
      p = Math.fma(p, s, C8);
      p = Math.fma(p, s, C6);
      p = Math.fma(p, s, C4);
      p = Math.fma(p, s, C2);
      y = Math.fma(p, s, 1.0);
    }
    return (float) ((n & 2) == 0 ? y : -y);
  }
}
