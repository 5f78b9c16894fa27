package io.sparkonnx.arrow.read;

import io.sparkonnx.engine.tensor.ElementType;

/** How the numbers of a column enter a matrix. */
final class Conversions {
  private Conversions() {}

  static FeatureMatrix.Scatter scatter(ElementType type, ElementType target) {
    return switch (target) {
      case FLOAT -> FloatScatter.of(type);
      case DOUBLE -> DoubleScatter.of(type);
      default ->
          switch (type.storage()) {
            case LONG -> Conversions::longs;
            case INT -> Conversions::ints;
            case SHORT -> Conversions::shorts;
            default -> Conversions::bytes;
          };
    };
  }

  private static void longs(Object from, int rows, Object to, int at, int stride) {
    long[] a = (long[]) from;
    long[] out = (long[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i];
    }
  }

  private static void ints(Object from, int rows, Object to, int at, int stride) {
    int[] a = (int[]) from;
    int[] out = (int[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i];
    }
  }

  private static void shorts(Object from, int rows, Object to, int at, int stride) {
    short[] a = (short[]) from;
    short[] out = (short[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i];
    }
  }

  private static void bytes(Object from, int rows, Object to, int at, int stride) {
    byte[] a = (byte[]) from;
    byte[] out = (byte[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i];
    }
  }
}
