package io.sparkonnx.engine.tensor;

/**
 * Values of the element types that Java has no type for, from and to their bits.
 *
 * <p>IEEE 754-2019 (binary16), bfloat16, and the OCP 8-bit, 4-bit and scale formats as ONNX's
 * documents on float8 and float4 describe them.
 */
public final class NarrowTypes {
  private NarrowTypes() {}

  static long toLong(short bits, ElementType type) {
    return switch (type) {
      case INT16 -> bits;
      case UINT16 -> bits & 0xFFFFL;
      default -> (long) toDouble(bits, type);
    };
  }

  static long toLong(byte bits, ElementType type) {
    return switch (type) {
      case INT8, INT4, INT2 -> bits;
      case UINT8, UINT4, UINT2, BOOL -> bits & 0xFFL;
      default -> (long) toDouble(bits, type);
    };
  }

  static double toDouble(long bits, ElementType type) {
    if (type == ElementType.UINT64 && bits < 0) {
      return ((bits >>> 1) | (bits & 1)) * 2.0;
    }
    return bits;
  }

  static double toDouble(short bits, ElementType type) {
    return switch (type) {
      case FLOAT16 -> halfToFloat(bits);
      case BFLOAT16 -> bfloat16ToFloat(bits);
      default -> toLong(bits, type);
    };
  }

  static double toDouble(byte bits, ElementType type) {
    return switch (type) {
      case FLOAT8E4M3FN -> small(bits, 4, 3, 7, Special.NAN_ALL_ONES);
      case FLOAT8E4M3FNUZ -> small(bits, 4, 3, 8, Special.NAN_NEGATIVE_ZERO);
      case FLOAT8E5M2 -> small(bits, 5, 2, 15, Special.IEEE);
      case FLOAT8E5M2FNUZ -> small(bits, 5, 2, 16, Special.NAN_NEGATIVE_ZERO);
      case FLOAT4E2M1 -> small((byte) ((bits & 7) | (bits & 8) << 4), 4, 1, 1, Special.NONE);
      case FLOAT8E8M0 -> (bits & 0xFF) == 0xFF ? Double.NaN : Math.scalb(1.0, (bits & 0xFF) - 127);
      default -> toLong(bits, type);
    };
  }

  /** Which bit patterns are not finite numbers. */
  private enum Special {
    IEEE,
    NAN_ALL_ONES,
    NAN_NEGATIVE_ZERO,
    NONE
  }

  private static double small(
      byte bits, int exponentBits, int mantissaBits, int bias, Special special) {
    int magnitude = bits & 0x7F;
    int exponent = magnitude >>> mantissaBits;
    int mantissa = magnitude & ((1 << mantissaBits) - 1);
    double sign = bits < 0 ? -1.0 : 1.0;
    if (special == Special.NAN_ALL_ONES && magnitude == 0x7F) {
      return Double.NaN;
    }
    if (special == Special.NAN_NEGATIVE_ZERO && (bits & 0xFF) == 0x80) {
      return Double.NaN;
    }
    if (special == Special.IEEE && exponent == (1 << exponentBits) - 1) {
      return mantissa == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    double fraction = mantissa / (double) (1 << mantissaBits);
    return exponent == 0
        ? sign * Math.scalb(fraction, 1 - bias)
        : sign * Math.scalb(1.0 + fraction, exponent - bias);
  }

  /** IEEE binary16 bits as a float. */
  public static float halfToFloat(short half) {
    int bits = half & 0xFFFF;
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & 0x1F;
    int mantissa = bits & 0x3FF;
    if (exponent == 0x1F) {
      return Float.intBitsToFloat(sign | 0x7F800000 | mantissa << 13);
    }
    if (exponent == 0) {
      float magnitude = mantissa * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | (exponent + 112) << 23 | mantissa << 13);
  }

  /** The nearest IEEE binary16 bits, halves to even, overflow to infinity. */
  public static short floatToHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7FFFFFFF;
    if (magnitude > 0x7F800000) {
      return (short) (sign | 0x7E00);
    }
    if (magnitude >= 0x477FF000) {
      return (short) (sign | 0x7C00);
    }
    if (magnitude < 0x38800000) {
      float scaled = Float.intBitsToFloat(magnitude) * 0x1p24f;
      return (short) (sign | (int) Math.rint(scaled));
    }
    int rounded = magnitude + 0xFFF + ((magnitude >>> 13) & 1);
    return (short) (sign | (rounded - 0x38000000) >>> 13);
  }

  /** bfloat16 bits as a float. */
  public static float bfloat16ToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** The nearest bfloat16 bits, halves to even. */
  public static short floatToBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & 0x7FFFFFFF) > 0x7F800000) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }
}
