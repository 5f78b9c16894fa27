package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;

/** Longs that order as the elements of a tensor do: zeros of both signs are equal, NaN is last. */
final class SortKeys {
  private SortKeys() {}

  /** Fills {@code keys} with those of every {@code stride}-th element from {@code first}. */
  static void of(Tensor tensor, int first, int stride, long[] keys) {
    if (tensor.type() == ElementType.FLOAT) {
      float[] array = (float[]) tensor.array();
      int at = tensor.offset() + first;
      for (int i = 0; i < keys.length; i++) {
        keys[i] = key(array[at + i * stride]);
      }
    } else if (tensor.type().isFloatingPoint() || tensor.type().width() > 1) {
      for (int i = 0; i < keys.length; i++) {
        keys[i] = key(tensor.doubleAt(first + i * stride));
      }
    } else {
      long flip = tensor.type() == ElementType.UINT64 ? Long.MIN_VALUE : 0;
      for (int i = 0; i < keys.length; i++) {
        keys[i] = tensor.longAt(first + i * stride) ^ flip;
      }
    }
  }

  private static long key(float value) {
    int bits = Float.floatToIntBits(value + 0f);
    return bits < 0 ? bits ^ 0x7FFFFFFF : bits;
  }

  static long key(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    return bits < 0 ? bits ^ Long.MAX_VALUE : bits;
  }
}
