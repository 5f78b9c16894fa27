package io.sparkonnx.spark.exec;

import java.math.BigDecimal;

/**
 * Rounding to odd: what is not exact becomes the neighbour whose last bit is 1. A number so rounded
 * lies on the same side of every midpoint of narrower types as before, and on none, so that
 * rounding it again to a type with at least two bits fewer is as if it had been rounded once.
 */
final class OddRounding {
  private OddRounding() {}

  /** The value as a float; NaN stays NaN. */
  static float toFloat(double value) {
    float nearest = (float) value;
    if (nearest == value || Double.isNaN(value)) {
      return nearest;
    }
    int bits = Float.floatToRawIntBits(nearest);
    return Float.intBitsToFloat(
        (Math.abs((double) nearest) > Math.abs(value) ? bits - 1 : bits) | 1);
  }

  /** The value as a double. */
  static double toDouble(long value) {
    double nearest = (double) value;
    if ((long) nearest == value && nearest != 0x1p63) {
      return nearest;
    }
    return toDouble(BigDecimal.valueOf(value));
  }

  /** The value, which is within the range of doubles, as one. */
  static double toDouble(BigDecimal value) {
    double nearest = value.doubleValue();
    int beyond = new BigDecimal(nearest).abs().compareTo(value.abs());
    if (beyond == 0) {
      return nearest;
    }
    long bits = Double.doubleToRawLongBits(nearest);
    return Double.longBitsToDouble((beyond > 0 ? bits - 1 : bits) | 1);
  }
}
