package io.sparkonnx.arrow.read;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.NarrowTypes;

/** Numbers of any type into every stride-th element of floats, each rounded once. */
final class FloatScatter {
  private FloatScatter() {}

  static FeatureMatrix.Scatter of(ElementType type) {
    return switch (type) {
      case FLOAT -> FloatScatter::floats;
      case DOUBLE -> FloatScatter::doubles;
      case INT32 -> FloatScatter::ints;
      case UINT32 -> FloatScatter::unsignedInts;
      case INT64 -> FloatScatter::longs;
      case UINT64 -> FloatScatter::unsignedLongs;
      case INT16 -> FloatScatter::shorts;
      case UINT16 -> FloatScatter::unsignedShorts;
      case FLOAT16 -> FloatScatter::halves;
      case INT8 -> FloatScatter::bytes;
      case UINT8 -> FloatScatter::unsignedBytes;
      default -> throw new IllegalArgumentException(type + " is no type of Arrow's numbers");
    };
  }

  private static void floats(Object from, int rows, Object to, int at, int stride) {
    float[] a = (float[]) from;
    float[] out = (float[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i];
    }
  }

  private static void doubles(Object from, int rows, Object to, int at, int stride) {
    double[] a = (double[]) from;
    float[] out = (float[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = (float) a[i];
    }
  }

  private static void ints(Object from, int rows, Object to, int at, int stride) {
    int[] a = (int[]) from;
    float[] out = (float[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = (float) a[i];
    }
  }

  private static void unsignedInts(Object from, int rows, Object to, int at, int stride) {
    int[] a = (int[]) from;
    float[] out = (float[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = (float) (a[i] & 0xFFFFFFFFL);
    }
  }

  private static void longs(Object from, int rows, Object to, int at, int stride) {
    long[] a = (long[]) from;
    float[] out = (float[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = (float) a[i];
    }
  }

  private static void unsignedLongs(Object from, int rows, Object to, int at, int stride) {
    long[] a = (long[]) from;
    float[] out = (float[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = unsigned(a[i]);
    }
  }

  private static void shorts(Object from, int rows, Object to, int at, int stride) {
    short[] a = (short[]) from;
    float[] out = (float[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i];
    }
  }

  private static void unsignedShorts(Object from, int rows, Object to, int at, int stride) {
    short[] a = (short[]) from;
    float[] out = (float[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i] & 0xFFFF;
    }
  }

  private static void halves(Object from, int rows, Object to, int at, int stride) {
    short[] a = (short[]) from;
    float[] out = (float[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = NarrowTypes.halfToFloat(a[i]);
    }
  }

  private static void bytes(Object from, int rows, Object to, int at, int stride) {
    byte[] a = (byte[]) from;
    float[] out = (float[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i];
    }
  }

  private static void unsignedBytes(Object from, int rows, Object to, int at, int stride) {
    byte[] a = (byte[]) from;
    float[] out = (float[]) to;
    for (int i = 0; i < rows; i++) {
      out[at + i * stride] = a[i] & 0xFF;
    }
  }

  /** Halved with its lowest bit kept, so that it rounds like the whole number. */
  private static float unsigned(long bits) {
    return bits < 0 ? (float) ((bits >>> 1) | (bits & 1)) * 2f : (float) bits;
  }
}
