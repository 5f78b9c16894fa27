package io.sparkonnx.spark.exec;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;

/**
 * The values of Spark's column on the heap. It does not show its arrays, and its bulk getters make
 * new ones; calls on this one class are inlined.
 */
final class HeapSource extends ElementSource {
  private final OnHeapColumnVector column;

  HeapSource(OnHeapColumnVector column, SpecializedGetters getters) {
    super(getters);
    this.column = column;
  }

  @Override
  void floats(int first, int count, float[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = column.getFloat(first + i);
    }
  }

  @Override
  void doubles(int first, int count, double[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = column.getDouble(first + i);
    }
  }

  @Override
  void longs(int first, int count, long[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = column.getLong(first + i);
    }
  }

  @Override
  void ints(int first, int count, int[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = column.getInt(first + i);
    }
  }

  @Override
  void shorts(int first, int count, short[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = column.getShort(first + i);
    }
  }

  @Override
  void bytes(int first, int count, byte[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = column.getByte(first + i);
    }
  }

  @Override
  void booleans(int first, int count, byte[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = (byte) (column.getBoolean(first + i) ? 1 : 0);
    }
  }
}
