package io.sparkonnx.engine.onnx;

import io.sparkonnx.engine.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Little-endian raw data to Java arrays, one bulk copy. */
final class RawElements {
  private RawElements() {}

  /** Bytes of raw data for a number of elements. */
  static long bytes(ElementType type, long elements) {
    return (elements * type.bits() + 7) / 8;
  }

  /** A zeroed array of the type's storage. */
  static Object newArray(ElementType type, int elements) {
    int length = elements * type.width();
    return switch (type.storage()) {
      case FLOAT -> new float[length];
      case DOUBLE -> new double[length];
      case INT -> new int[length];
      case LONG -> new long[length];
      case SHORT -> new short[length];
      case BYTE -> new byte[length];
      case STRING -> throw new IllegalArgumentException("strings have no raw data");
    };
  }

  /**
   * Copies all of {@code raw}, which starts at a byte border of the data.
   *
   * @param array from {@link #newArray}
   * @param at index of the array's first element to write
   * @param end index after the last element that may be written; packed types end within a byte
   */
  static void copy(ByteBuffer raw, ElementType type, Object array, int at, int end) {
    ByteBuffer bytes = raw.slice().order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) (bytes.remaining() / type.storage().bytes());
    switch (type.storage()) {
      case FLOAT -> bytes.asFloatBuffer().get((float[]) array, at, length);
      case DOUBLE -> bytes.asDoubleBuffer().get((double[]) array, at, length);
      case INT -> bytes.asIntBuffer().get((int[]) array, at, length);
      case LONG -> bytes.asLongBuffer().get((long[]) array, at, length);
      case SHORT -> bytes.asShortBuffer().get((short[]) array, at, length);
      case BYTE -> bytes(bytes, type, (byte[]) array, at, end);
      case STRING -> throw new IllegalArgumentException("strings have no raw data");
    }
  }

  private static void bytes(ByteBuffer raw, ElementType type, byte[] array, int at, int end) {
    if (type.bits() < 8) {
      unpack(raw, type, array, at, end);
      return;
    }
    int length = raw.remaining();
    raw.get(array, at, length);
    if (type == ElementType.BOOL) {
      for (int i = at; i < at + length; i++) {
        array[i] = (byte) (array[i] == 0 ? 0 : 1);
      }
    }
  }

  private static void unpack(ByteBuffer raw, ElementType type, byte[] array, int at, int end) {
    int bits = type.bits();
    int index = at;
    while (raw.hasRemaining()) {
      int packed = raw.get();
      for (int shift = 0; shift < 8 && index < end; shift += bits) {
        array[index++] = narrow(packed >> shift, type);
      }
    }
  }

  /** The element in the lowest bits, sign-extended where the type is signed. */
  static byte narrow(int packed, ElementType type) {
    int free = Integer.SIZE - type.bits();
    boolean signed = type == ElementType.INT4 || type == ElementType.INT2;
    return (byte) (signed ? packed << free >> free : packed << free >>> free);
  }
}
