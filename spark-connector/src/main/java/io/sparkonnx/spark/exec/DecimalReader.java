package io.sparkonnx.spark.exec;

import java.math.BigDecimal;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;

/**
 * Decimals as floating-point numbers, each rounded once. What fits a double's 53 bits is divided by
 * a power of ten that a double holds exactly, which rounds once as well.
 */
final class DecimalReader {
  private static final long EXACT = 1L << 53;
  private static final int EXACT_POWERS = 22;

  /** Bits of a double's significand below a float's. */
  private static final long BELOW_FLOAT = (1L << 29) - 1;

  private static final long HALFWAY = 1L << 28;

  private final int precision;
  private final int scale;
  private final double power;

  DecimalReader(DecimalType type) {
    this.precision = type.precision();
    this.scale = type.scale();
    this.power =
        scale >= 0 && scale <= EXACT_POWERS && precision <= Decimal.MAX_LONG_DIGITS()
            ? BigDecimal.TEN.pow(scale).doubleValue()
            : Double.NaN;
  }

  double toDouble(SpecializedGetters from, int ordinal) {
    Decimal value = from.getDecimal(ordinal, precision, scale);
    double quotient = quotient(value);
    return Double.isNaN(quotient) ? value.toJavaBigDecimal().doubleValue() : quotient;
  }

  float toFloat(SpecializedGetters from, int ordinal) {
    Decimal value = from.getDecimal(ordinal, precision, scale);
    double quotient = quotient(value);
    boolean roundsTwice = (Double.doubleToRawLongBits(quotient) & BELOW_FLOAT) == HALFWAY;
    return Double.isNaN(quotient) || roundsTwice
        ? value.toJavaBigDecimal().floatValue()
        : (float) quotient;
  }

  /** NaN where it would not be rounded once. */
  private double quotient(Decimal value) {
    if (Double.isNaN(power)) {
      return Double.NaN;
    }
    long unscaled = value.toUnscaledLong();
    return unscaled >= -EXACT && unscaled <= EXACT ? unscaled / power : Double.NaN;
  }
}
