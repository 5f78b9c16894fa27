package io.sparkonnx.arrow.read;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.NarrowTypes;

/** Numbers of any type into every stride-th element of doubles, each rounded once. */
final class DoubleScatter {
  private DoubleScatter() {}

  static FeatureMatrix.Scatter of(ElementType type) {
    return switch (type) {
      case FLOAT -> DoubleScatter::floats;
      case DOUBLE -> DoubleScatter::doubles;
      case INT32 -> DoubleScatter::ints;
      case UINT32 -> DoubleScatter::unsignedInts;
      case INT64 -> DoubleScatter::longs;
      case UINT64 -> DoubleScatter::unsignedLongs;
      case INT16 -> DoubleScatter::shorts;
      case UINT16 -> DoubleScatter::unsignedShorts;
      case FLOAT16 -> DoubleScatter::halves;
      case INT8 -> DoubleScatter::bytes;
      case UINT8 -> DoubleScatter::unsignedBytes;
      default -> throw new IllegalArgumentException(type + " is no type of Arrow's numbers");
    };
  }

  private static void floats(Object from, int rows, Object to, int at, int stride) {
    float[] a = (float[]) from;
    double[] out = (double[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i];
    }
  }

  private static void doubles(Object from, int rows, Object to, int at, int stride) {
    double[] a = (double[]) from;
    double[] out = (double[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i];
    }
  }

  private static void ints(Object from, int rows, Object to, int at, int stride) {
    int[] a = (int[]) from;
    double[] out = (double[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i];
    }
  }

  private static void unsignedInts(Object from, int rows, Object to, int at, int stride) {
    int[] a = (int[]) from;
    double[] out = (double[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = (double) (a[i] & 0xFFFFFFFFL);
    }
  }

  private static void longs(Object from, int rows, Object to, int at, int stride) {
    long[] a = (long[]) from;
    double[] out = (double[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = (double) a[i];
    }
  }

  private static void unsignedLongs(Object from, int rows, Object to, int at, int stride) {
    long[] a = (long[]) from;
    double[] out = (double[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = unsigned(a[i]);
    }
  }

  private static void shorts(Object from, int rows, Object to, int at, int stride) {
    short[] a = (short[]) from;
    double[] out = (double[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i];
    }
  }

  private static void unsignedShorts(Object from, int rows, Object to, int at, int stride) {
    short[] a = (short[]) from;
    double[] out = (double[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i] & 0xFFFF;
    }
  }

  private static void halves(Object from, int rows, Object to, int at, int stride) {
    short[] a = (short[]) from;
    double[] out = (double[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = NarrowTypes.halfToFloat(a[i]);
    }
  }

  private static void bytes(Object from, int rows, Object to, int at, int stride) {
    byte[] a = (byte[]) from;
    double[] out = (double[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i];
    }
  }

  private static void unsignedBytes(Object from, int rows, Object to, int at, int stride) {
    byte[] a = (byte[]) from;
    double[] out = (double[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i] & 0xFF;
    }
  }

  /** Halved with its lowest bit kept, so that it rounds like the whole number. */
  private static double unsigned(long bits) {
    return bits < 0 ? (double) ((bits >>> 1) | (bits & 1)) * 2.0 : (double) bits;
  }
}
