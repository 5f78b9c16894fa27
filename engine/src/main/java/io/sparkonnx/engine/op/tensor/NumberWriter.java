package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.NarrowTypes;
import io.sparkonnx.engine.tensor.Tensor;

/** Writes blocks of integers to tensors of any element type. */
final class NumberWriter {
  private NumberWriter() {}

  /**
   * Writes integers. Integer types keep the low bits.
   *
   * @param to of an integer type or BOOL
   */
  static void integers(long[] block, Tensor to, int index, int count) {
    int at = to.offset() + index;
    switch (to.type()) {
      case INT64, UINT64 -> System.arraycopy(block, 0, to.array(), at, count);
      case INT32, UINT32 -> {
        int[] array = (int[]) to.array();
        for (int i = 0; i < count; i++) {
          array[at + i] = (int) block[i];
        }
      }
      case INT16, UINT16 -> {
        short[] array = (short[]) to.array();
        for (int i = 0; i < count; i++) {
          array[at + i] = (short) block[i];
        }
      }
      case BOOL -> {
        byte[] array = (byte[]) to.array();
        for (int i = 0; i < count; i++) {
          array[at + i] = (byte) (block[i] != 0 ? 1 : 0);
        }
      }
      default -> bytes(block, to, at, count);
    }
  }

  /** Types of at most eight bits, of which those below are held extended to a byte. */
  private static void bytes(long[] block, Tensor to, int at, int count) {
    byte[] array = (byte[]) to.array();
    int unused = 64 - to.type().bits();
    boolean unsigned = to.type().isUnsigned();
    for (int i = 0; i < count; i++) {
      long high = block[i] << unused;
      array[at + i] = (byte) (unsigned ? high >>> unused : high >> unused);
    }
  }

  /**
   * Writes floating-point numbers, rounded once to the nearest.
   *
   * @param to FLOAT, DOUBLE, FLOAT16 or BFLOAT16
   */
  static void reals(double[] block, Tensor to, int index, int count) {
    int at = to.offset() + index;
    switch (to.type()) {
      case FLOAT -> {
        float[] array = (float[]) to.array();
        for (int i = 0; i < count; i++) {
          array[at + i] = (float) block[i];
        }
      }
      case DOUBLE -> System.arraycopy(block, 0, to.array(), at, count);
      default -> {
        short[] array = (short[]) to.array();
        boolean half = to.type() == ElementType.FLOAT16;
        for (int i = 0; i < count; i++) {
          float odd = roundedToOdd(block[i]);
          array[at + i] = half ? NarrowTypes.floatToHalf(odd) : NarrowTypes.floatToBfloat16(odd);
        }
      }
    }
  }

  /**
   * A float that rounds to narrower types as {@code value} does: inexact ones get an odd last bit,
   * so that no half-way case arises that was none.
   */
  private static float roundedToOdd(double value) {
    float nearest = (float) value;
    if (nearest == value || Double.isNaN(value)) {
      return nearest;
    }
    int bits = Float.floatToRawIntBits(nearest);
    boolean above = Math.abs((double) nearest) > Math.abs(value);
    return Float.intBitsToFloat((above ? bits - 1 : bits) | 1);
  }
}
