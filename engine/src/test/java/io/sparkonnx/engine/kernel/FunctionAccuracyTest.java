package io.sparkonnx.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sparkonnx.engine.kernel.scalar.Power;
import io.sparkonnx.engine.kernel.scalar.ScalarUnary;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The functions of the kernels against double arithmetic, over the bit patterns of all floats. */
class FunctionAccuracyTest {
  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    88.72283f,
    88.72284f,
    -103.97207f,
    -103.97208f
  };

  /** Error of results so small that e^−|x| in them is subnormal. */
  private static final double SUBNORMAL = 0x1p-142;

  static Stream<Arguments> functions() {
    return Stream.of(
        function(UnaryFunction.EXP, 2, StrictMath::exp),
        function(UnaryFunction.LOG, 2, StrictMath::log),
        function(UnaryFunction.SIN, 2, StrictMath::sin),
        function(UnaryFunction.COS, 2, StrictMath::cos),
        function(UnaryFunction.ERF, 2, FunctionAccuracyTest::erf),
        function(UnaryFunction.TANH, 2, StrictMath::tanh),
        function(UnaryFunction.SIGMOID, 2, FunctionAccuracyTest::sigmoid),
        function(UnaryFunction.ELU, 2, x -> x < 0 ? StrictMath.expm1(x) : x),
        function(UnaryFunction.SELU, 2, x -> x < 0 ? StrictMath.expm1(x) : x),
        function(UnaryFunction.CELU, 2, x -> x < 0 ? StrictMath.expm1(x) : x),
        function(UnaryFunction.SOFTPLUS, 2, FunctionAccuracyTest::softplus),
        function(UnaryFunction.MISH, 5, x -> x * StrictMath.tanh(softplus(x))),
        function(UnaryFunction.SWISH, 5, x -> x * sigmoid(x)),
        function(UnaryFunction.GELU, 5, x -> x * normal(x)),
        function(UnaryFunction.GELU_TANH, 5, FunctionAccuracyTest::geluTanh),
        function(UnaryFunction.FLOOR, 0, Math::floor),
        function(UnaryFunction.CEIL, 0, Math::ceil),
        function(UnaryFunction.ROUND, 0, Math::rint),
        function(UnaryFunction.SQRT, 0.5, Math::sqrt));
  }

  private static Arguments function(UnaryFunction f, double ulps, DoubleUnaryOperator exact) {
    return arguments(f, ulps, exact);
  }

  @ParameterizedTest(name = "{0} is at most {1} ulp off")
  @MethodSource("functions")
  void staysWithinItsErrorBound(UnaryFunction f, double ulps, DoubleUnaryOperator exact) {
    Random random = new Random(20260729);
    float[] x = new float[200_000];
    for (int i = 0; i < x.length; i++) {
      x[i] =
          i < SPECIAL.length
              ? SPECIAL[i]
              : i % 2 == 0
                  ? Float.intBitsToFloat(random.nextInt())
                  : (float) random.nextGaussian() * 8f;
    }
    float[] y = new float[x.length];
    new ScalarUnary().apply(f, 1f, 1f, x, 0, y, 0, x.length);
    double worst = 0;
    String where = "";
    for (int i = 0; i < x.length; i++) {
      double want = exact.applyAsDouble(x[i]);
      double error = ulps(y[i], want, ulps > 2 ? SUBNORMAL : 0);
      if (error > worst) {
        worst = error;
        where = "%s(%s) = %s, exactly %s".formatted(f, x[i], y[i], want);
      }
    }
    assertThat(worst).as(where).isLessThanOrEqualTo(ulps);
  }

  @Test
  void powerIsAtMostFourUlpOff() {
    Random random = new Random(7);
    double worst = 0;
    String where = "";
    for (int i = 0; i < 500_000; i++) {
      float a = Float.intBitsToFloat(random.nextInt());
      float b =
          i % 2 == 0 ? Float.intBitsToFloat(random.nextInt()) : (float) random.nextGaussian() * 3f;
      double want = StrictMath.pow(a, b);
      double error = ulps(Power.pow(a, b), want, 0);
      if (error > worst) {
        worst = error;
        where = "pow(%s, %s) = %s, exactly %s".formatted(a, b, Power.pow(a, b), want);
      }
    }
    assertThat(worst).as(where).isLessThanOrEqualTo(4);
  }

  @Test
  void powerHasTheSpecialValuesOfMath() {
    float[] values = {
      0f,
      -0f,
      0.5f,
      -0.5f,
      1f,
      -1f,
      1.5f,
      2f,
      -2f,
      3f,
      -3f,
      8388607.5f,
      16777215f,
      -16777215f,
      16777216f,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN
    };
    for (float a : values) {
      for (float b : values) {
        double exact = StrictMath.pow(a, b);
        float want = (float) exact;
        if (want == 0f || Float.isInfinite(want) || Float.isNaN(want) || want == exact) {
          assertThat(Float.floatToIntBits(Power.pow(a, b)))
              .as("pow(%s, %s), expected %s", a, b, want)
              .isEqualTo(Float.floatToIntBits(want));
        }
      }
    }
  }

  /** Distance in units of the last place of the float next to {@code want}. */
  private static double ulps(float got, double want, double free) {
    if (Double.isNaN(want) || Float.isNaN(got)) {
      return Double.isNaN(want) && Float.isNaN(got) ? 0 : Double.POSITIVE_INFINITY;
    }
    float next = (float) want;
    if (got == next) {
      return Float.isInfinite(got) ? 0 : Math.abs(got - want) / Math.ulp(next);
    }
    if (Float.isInfinite(got) || Float.isInfinite(next)) {
      double clipped = Math.copySign(Float.MAX_VALUE, want);
      double finite = Float.isInfinite(got) ? next : got;
      return Math.abs(finite - clipped) / Math.ulp(Float.MAX_VALUE) + 1;
    }
    return Math.max(0, Math.abs(got - want) - free) / Math.ulp(next);
  }

  private static double sigmoid(double x) {
    double e = StrictMath.exp(-Math.abs(x));
    return x < 0 ? e / (1 + e) : 1 / (1 + e);
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  private static double geluTanh(double x) {
    return x * sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x));
  }

  /** The normal distribution function. */
  private static double normal(double x) {
    double tail = 0.5 * erfc(Math.abs(x) / Math.sqrt(2));
    return x < 0 ? tail : 1 - tail;
  }

  private static double erf(double x) {
    double a = Math.abs(x);
    return Math.copySign(a < 2 ? smallErf(a) : 1 - erfc(a), x);
  }

  /** Taylor series with positive terms (Abramowitz and Stegun 7.1.6). */
  private static double smallErf(double a) {
    double term = a;
    double sum = a;
    for (int n = 1; n < 100; n++) {
      term *= 2 * a * a / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * StrictMath.exp(-a * a) * sum;
  }

  /** Continued fraction (Abramowitz and Stegun 7.1.14) from 2 on. */
  private static double erfc(double a) {
    if (a < 2) {
      return 1 - smallErf(a);
    }
    double fraction = 0;
    for (int k = 120; k >= 1; k--) {
      fraction = k / 2.0 / (a + fraction);
    }
    return StrictMath.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction);
  }
}
