package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.NarrowTypes;
import io.sparkonnx.engine.tensor.Tensor;

/** Reads blocks of numbers of any element type as doubles or longs. */
final class NumberReader {
  private NumberReader() {}

  /** Reads floating-point elements, exactly. */
  static void doubles(Tensor from, int index, double[] block, int count) {
    int at = from.offset() + index;
    switch (from.type()) {
      case FLOAT -> {
        float[] array = (float[]) from.array();
        for (int i = 0; i < count; i++) {
          block[i] = array[at + i];
        }
      }
      case DOUBLE -> System.arraycopy(from.array(), at, block, 0, count);
      case FLOAT16 -> {
        short[] array = (short[]) from.array();
        for (int i = 0; i < count; i++) {
          block[i] = NarrowTypes.halfToFloat(array[at + i]);
        }
      }
      case BFLOAT16 -> {
        short[] array = (short[]) from.array();
        for (int i = 0; i < count; i++) {
          block[i] = NarrowTypes.bfloat16ToFloat(array[at + i]);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          block[i] = from.doubleAt(index + i);
        }
      }
    }
  }

  /** Reads integers or booleans; UINT64 as its bits. */
  static void longs(Tensor from, int index, long[] block, int count) {
    int at = from.offset() + index;
    switch (from.type()) {
      case INT64, UINT64 -> System.arraycopy(from.array(), at, block, 0, count);
      case INT32, UINT32 -> {
        int[] array = (int[]) from.array();
        long mask = from.type() == ElementType.UINT32 ? 0xFFFFFFFFL : -1L;
        for (int i = 0; i < count; i++) {
          block[i] = array[at + i] & mask;
        }
      }
      case INT16, UINT16 -> {
        short[] array = (short[]) from.array();
        long mask = from.type() == ElementType.UINT16 ? 0xFFFFL : -1L;
        for (int i = 0; i < count; i++) {
          block[i] = array[at + i] & mask;
        }
      }
      default -> {
        byte[] array = (byte[]) from.array();
        long mask = from.type().isUnsigned() || from.type() == ElementType.BOOL ? 0xFFL : -1L;
        for (int i = 0; i < count; i++) {
          block[i] = array[at + i] & mask;
        }
      }
    }
  }
}
