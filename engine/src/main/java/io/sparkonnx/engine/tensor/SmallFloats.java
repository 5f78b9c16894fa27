package io.sparkonnx.engine.tensor;

/**
 * Rounds numbers to the 8-bit and 4-bit floating-point formats of ONNX, as its documents on float8
 * and float4 say: to nearest, halves to even.
 */
public final class SmallFloats {
  /** How FLOAT8E8M0, which holds powers of two alone, rounds. */
  public enum ScaleRounding {
    UP,
    DOWN,
    NEAREST
  }

  private SmallFloats() {}

  /**
   * The bits of {@code value} in {@code type}.
   *
   * @param saturate whether what is too large becomes the largest finite value; else it becomes
   *     infinite, or NaN where the type has no infinity. FLOAT4E2M1 always saturates and has no
   *     NaN: that becomes −0
   */
  public static byte encode(double value, ElementType type, boolean saturate) {
    return switch (type) {
      case FLOAT8E4M3FN -> encode(value, 3, 7, 448, 0x7F, saturate ? 0x7E : 0x7F, true);
      case FLOAT8E4M3FNUZ -> encode(value, 3, 8, 240, 0x80, saturate ? 0x7F : 0x80, false);
      case FLOAT8E5M2 -> encode(value, 2, 15, 57344, 0x7E, saturate ? 0x7B : 0x7C, true);
      case FLOAT8E5M2FNUZ -> encode(value, 2, 16, 57344, 0x80, saturate ? 0x7F : 0x80, false);
      case FLOAT4E2M1 -> {
        int bits = encode(value, 1, 1, 6, 0x80, 0x07, true);
        yield (byte) ((bits & 7) | (bits & 0x80) >> 4);
      }
      default -> throw new IllegalArgumentException(type + " is no small float");
    };
  }

  private static byte encode(
      double value,
      int mantissaBits,
      int bias,
      double largest,
      int nan,
      int overflow,
      boolean signedZero) {
    int sign = Double.doubleToRawLongBits(value) < 0 ? 0x80 : 0;
    if (Double.isNaN(value)) {
      return (byte) (nan | sign);
    }
    double magnitude = Math.abs(value);
    int exponent = Math.max(Math.getExponent(magnitude), 1 - bias);
    double quantum = Math.scalb(1.0, exponent - mantissaBits);
    double steps = Math.rint(magnitude / quantum);
    if (Double.isInfinite(value) || steps * quantum > largest) {
      return (byte) (overflow | sign);
    }
    int bits = ((exponent + bias - 1) << mantissaBits) + (int) steps;
    return (byte) (bits == 0 && !signedZero ? 0 : bits | sign);
  }

  /**
   * The bits of {@code value} in FLOAT8E8M0. Negative values count as their magnitude.
   *
   * @param saturate whether values outside the range become its ends; else NaN
   */
  public static byte encodeScale(double value, boolean saturate, ScaleRounding rounding) {
    double magnitude = Math.abs(value);
    if (Double.isNaN(value) || (!saturate && (magnitude == 0 || Double.isInfinite(value)))) {
      return (byte) 0xFF;
    }
    if (magnitude == 0) {
      return 0;
    }
    if (Double.isInfinite(magnitude)) {
      return (byte) 0xFE;
    }
    int exponent = Math.getExponent(magnitude);
    double fraction = magnitude / Math.scalb(1.0, exponent);
    boolean up =
        switch (rounding) {
          case UP -> fraction > 1;
          case DOWN -> false;
          case NEAREST -> fraction >= 1.5;
        };
    int bits = exponent + 127 + (up ? 1 : 0);
    if (bits < 0 || bits > 0xFE) {
      int end = bits < 0 ? 0 : 0xFE;
      return (byte) (saturate ? end : 0xFF);
    }
    return (byte) bits;
  }
}
