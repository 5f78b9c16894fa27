package io.sparkonnx.engine.op.math;

import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.type.Dim;
import java.util.function.LongUnaryOperator;

/**
 * The element-wise functions of one number: for floats the kernel's, for doubles and integers a
 * plain one. Alpha and beta mean what {@link UnaryFunction} says.
 */
@SuppressWarnings("ImmutableEnumChecker")
enum UnaryRow {
  ABS(UnaryFunction.ABS, (x, a, b) -> Math.abs(x), Math::abs),
  NEG(UnaryFunction.NEG, (x, a, b) -> -x, x -> -x),
  SIGN(UnaryFunction.SIGN, (x, a, b) -> Math.signum(x), Long::signum),
  FLOOR(UnaryFunction.FLOOR, (x, a, b) -> Math.floor(x)),
  CEIL(UnaryFunction.CEIL, (x, a, b) -> Math.ceil(x)),
  ROUND(UnaryFunction.ROUND, (x, a, b) -> Math.rint(x)),
  SQRT(UnaryFunction.SQRT, (x, a, b) -> Math.sqrt(x)),
  RECIPROCAL(UnaryFunction.RECIPROCAL, (x, a, b) -> 1 / x),
  EXP(UnaryFunction.EXP, (x, a, b) -> StrictMath.exp(x)),
  LOG(UnaryFunction.LOG, (x, a, b) -> StrictMath.log(x)),
  SIN(UnaryFunction.SIN, (x, a, b) -> StrictMath.sin(x)),
  COS(UnaryFunction.COS, (x, a, b) -> StrictMath.cos(x)),
  TAN(null, (x, a, b) -> StrictMath.tan(x)),
  ASIN(null, (x, a, b) -> StrictMath.asin(x)),
  ACOS(null, (x, a, b) -> StrictMath.acos(x)),
  ATAN(null, (x, a, b) -> StrictMath.atan(x)),
  SINH(null, (x, a, b) -> StrictMath.sinh(x)),
  COSH(null, (x, a, b) -> StrictMath.cosh(x)),
  ASINH(null, (x, a, b) -> RealFunctions.asinh(x)),
  ACOSH(null, (x, a, b) -> RealFunctions.acosh(x)),
  ATANH(null, (x, a, b) -> RealFunctions.atanh(x)),
  ERF(
      UnaryFunction.ERF,
      (x, a, b) -> RealFunctions.erf(x),
      x -> (long) RealFunctions.erf((double) x)),
  TANH(UnaryFunction.TANH, (x, a, b) -> StrictMath.tanh(x)),
  SIGMOID(UnaryFunction.SIGMOID, (x, a, b) -> RealFunctions.sigmoid(x)),
  RELU(UnaryFunction.RELU, (x, a, b) -> Math.max(x, 0), x -> Math.max(x, 0)),
  LEAKY_RELU(UnaryFunction.LEAKY_RELU, (x, a, b) -> x < 0 ? a * x : x),
  THRESHOLDED_RELU(UnaryFunction.THRESHOLDED_RELU, UnaryRow::thresholded),
  ELU(UnaryFunction.ELU, (x, a, b) -> x < 0 ? a * StrictMath.expm1(x) : x),
  SELU(UnaryFunction.SELU, (x, a, b) -> b * (x > 0 ? x : a * StrictMath.expm1(x))),
  CELU(UnaryFunction.CELU, (x, a, b) -> Math.max(0, x) + Math.min(0, a * StrictMath.expm1(x / a))),
  SOFTPLUS(UnaryFunction.SOFTPLUS, (x, a, b) -> RealFunctions.softplus(x)),
  SOFTSIGN(UnaryFunction.SOFTSIGN, (x, a, b) -> x / (1 + Math.abs(x))),
  HARD_SIGMOID(
      UnaryFunction.HARD_SIGMOID, (x, a, b) -> Math.max(0, Math.min(1, (double) a * x + b))),
  HARD_SWISH(UnaryFunction.HARD_SWISH, (x, a, b) -> x * Math.max(0, Math.min(1, x / 6 + 0.5))),
  MISH(UnaryFunction.MISH, (x, a, b) -> x * StrictMath.tanh(RealFunctions.softplus(x))),
  SWISH(UnaryFunction.SWISH, (x, a, b) -> x * RealFunctions.sigmoid(a * x)),
  GELU(UnaryFunction.GELU, (x, a, b) -> RealFunctions.gelu(x)),
  GELU_TANH(UnaryFunction.GELU_TANH, (x, a, b) -> RealFunctions.geluTanh(x));

  /** A function of a double and two parameters. */
  interface Real {
    double apply(double x, float alpha, float beta);
  }

  private final UnaryFunction kernel;
  private final Real real;
  private final LongUnaryOperator integer;

  UnaryRow(UnaryFunction kernel, Real real) {
    this(kernel, real, null);
  }

  UnaryRow(UnaryFunction kernel, Real real, LongUnaryOperator integer) {
    this.kernel = kernel;
    this.real = real;
    this.integer = integer;
  }

  private static double thresholded(double x, float alpha, float beta) {
    return x > alpha || Double.isNaN(x) ? x : 0;
  }

  /** The float kernel's name for this function, or null where there is none. */
  UnaryFunction kernel() {
    return kernel;
  }

  Real real() {
    return real;
  }

  /** The function of a sign- or zero-extended integer, or null where it takes none. */
  LongUnaryOperator integer() {
    return integer;
  }

  /** The function of an unsigned 64-bit integer. */
  LongUnaryOperator unsigned() {
    return switch (this) {
      case ABS, RELU -> x -> x;
      case SIGN, ERF -> x -> x == 0 ? 0 : 1;
      default -> integer;
    };
  }

  /** The function of followed contents, or null where it cannot be told. */
  Dim ofContents(Dim x) {
    return switch (this) {
      case NEG -> x.times(-1);
      case ABS, RELU -> x.isNeverNegative() ? x : constant(x);
      case SIGN -> constant(x);
      default -> null;
    };
  }

  private Dim constant(Dim x) {
    return x.isConstant() ? Dim.of(integer.applyAsLong(x.value())) : null;
  }
}
