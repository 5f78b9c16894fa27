package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.ElementType;
import java.util.Arrays;

/** A growing array of integers of one width. */
abstract class PackedArray {
  static PackedArray of(ElementType.Storage storage) {
    return switch (storage) {
      case BYTE -> new Bytes();
      case SHORT -> new Shorts();
      case INT -> new Ints();
      case LONG -> new Longs();
      default -> throw new IllegalArgumentException(storage + " does not hold integers");
    };
  }

  /** Writes the low bits of a number. */
  abstract void put(int index, long bits);

  /** Writes the low bits of numbers to index, index + stride, … */
  abstract void put(long[] from, int count, int index, int stride);

  /** Copies values that have the array's width. */
  abstract void copy(ElementSource from, int first, int count, int index);

  abstract void reserve(int elements);

  abstract Object array();

  private static final class Bytes extends PackedArray {
    private byte[] array = {};

    @Override
    void put(int index, long bits) {
      array[index] = (byte) bits;
    }

    @Override
    void put(long[] from, int count, int index, int stride) {
      for (int i = 0; i < count; i++) {
        array[index + i * stride] = (byte) from[i];
      }
    }

    @Override
    void copy(ElementSource from, int first, int count, int index) {
      from.bytes(first, count, array, index);
    }

    @Override
    void reserve(int elements) {
      if (elements > array.length) {
        array = Arrays.copyOf(array, ElementStore.grown(array.length, elements));
      }
    }

    @Override
    Object array() {
      return array;
    }
  }

  private static final class Shorts extends PackedArray {
    private short[] array = {};

    @Override
    void put(int index, long bits) {
      array[index] = (short) bits;
    }

    @Override
    void put(long[] from, int count, int index, int stride) {
      for (int i = 0; i < count; i++) {
        array[index + i * stride] = (short) from[i];
      }
    }

    @Override
    void copy(ElementSource from, int first, int count, int index) {
      from.shorts(first, count, array, index);
    }

    @Override
    void reserve(int elements) {
      if (elements > array.length) {
        array = Arrays.copyOf(array, ElementStore.grown(array.length, elements));
      }
    }

    @Override
    Object array() {
      return array;
    }
  }

  private static final class Ints extends PackedArray {
    private int[] array = {};

    @Override
    void put(int index, long bits) {
      array[index] = (int) bits;
    }

    @Override
    void put(long[] from, int count, int index, int stride) {
      for (int i = 0; i < count; i++) {
        array[index + i * stride] = (int) from[i];
      }
    }

    @Override
    void copy(ElementSource from, int first, int count, int index) {
      from.ints(first, count, array, index);
    }

    @Override
    void reserve(int elements) {
      if (elements > array.length) {
        array = Arrays.copyOf(array, ElementStore.grown(array.length, elements));
      }
    }

    @Override
    Object array() {
      return array;
    }
  }

  private static final class Longs extends PackedArray {
    private long[] array = {};

    @Override
    void put(int index, long bits) {
      array[index] = bits;
    }

    @Override
    void put(long[] from, int count, int index, int stride) {
      for (int i = 0; i < count; i++) {
        array[index + i * stride] = from[i];
      }
    }

    @Override
    void copy(ElementSource from, int first, int count, int index) {
      from.longs(first, count, array, index);
    }

    @Override
    void reserve(int elements) {
      if (elements > array.length) {
        array = Arrays.copyOf(array, ElementStore.grown(array.length, elements));
      }
    }

    @Override
    Object array() {
      return array;
    }
  }
}
