package io.sparkonnx.engine.op.math;

/**
 * Functions of one double that {@link StrictMath} lacks. They call nothing whose result depends on
 * the machine.
 */
final class RealFunctions {
  private static final double TWO_OVER_SQRT_PI = 1.1283791670955126;
  private static final double SQRT_HALF = 0.7071067811865476;
  private static final double SQRT_TWO_OVER_PI = 0.7978845608028654;
  private static final double LN_2 = 0.6931471805599453;

  private RealFunctions() {}

  static double sigmoid(double x) {
    double e = StrictMath.exp(-Math.abs(x));
    return x < 0 ? e / (1 + e) : 1 / (1 + e);
  }

  static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  /**
   * The error function by its series of positive terms, 2/√π·e^(−x²)·Σ 2ⁿx^(2n+1)/(2n+1)!!
   * (Abramowitz and Stegun 7.1.6), to about 10⁻¹⁵.
   */
  static double erf(double x) {
    double magnitude = Math.abs(x);
    if (Double.isNaN(x) || x == 0) {
      return x;
    }
    if (magnitude > 6) {
      return Math.signum(x);
    }
    double square = x * x;
    double term = magnitude;
    double sum = term;
    for (int odd = 3; term > sum * 1e-17; odd += 2) {
      term *= 2 * square / odd;
      sum += term;
    }
    double erf = Math.min(1, TWO_OVER_SQRT_PI * StrictMath.exp(-square) * sum);
    return Math.copySign(erf, x);
  }

  static double gelu(double x) {
    return 0.5 * x * (1 + erf(x * SQRT_HALF));
  }

  static double geluTanh(double x) {
    return 0.5 * x * (1 + StrictMath.tanh(SQRT_TWO_OVER_PI * (x + 0.044715 * x * x * x)));
  }

  static double asinh(double x) {
    double a = Math.abs(x);
    double y =
        a > 1e9
            ? StrictMath.log(a) + LN_2
            : StrictMath.log1p(a + a * a / (1 + Math.sqrt(1 + a * a)));
    return Math.copySign(y, x);
  }

  static double acosh(double x) {
    double t = x - 1;
    return x > 1e9 ? StrictMath.log(x) + LN_2 : StrictMath.log1p(t + Math.sqrt(2 * t + t * t));
  }

  static double atanh(double x) {
    double a = Math.abs(x);
    return Math.copySign(0.5 * StrictMath.log1p(2 * a / (1 - a)), x);
  }
}
