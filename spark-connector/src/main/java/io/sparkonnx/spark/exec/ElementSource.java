package io.sparkonnx.spark.exec;

import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.execution.vectorized.OffHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Values of one Spark type that can be copied by runs. A run is read without looking at NULLs: what
 * comes for them is arbitrary. This class reads one value after the other; subclasses know more of
 * where the values are.
 */
class ElementSource {
  private SpecializedGetters getters;

  ElementSource(SpecializedGetters getters) {
    this.getters = getters;
  }

  /** The values of a column. */
  static ElementSource of(ColumnVector column) {
    SpecializedGetters getters = new ColumnarArray(column, 0, Integer.MAX_VALUE);
    if (column instanceof WritableColumnVector written
        && written.hasDictionary()
        && column.dataType() instanceof StringType) {
      return new DictionarySource(written, getters);
    }
    if (column instanceof OnHeapColumnVector onHeap) {
      return new HeapSource(onHeap, getters);
    }
    if (column instanceof OffHeapColumnVector offHeap && !offHeap.hasDictionary()) {
      return new MemorySource(null, offHeap.valuesNativeAddress(), getters);
    }
    if (column instanceof ArrowColumnVector arrow && hasPlainValues(arrow.getValueVector())) {
      long address = ((BaseFixedWidthVector) arrow.getValueVector()).getDataBufferAddress();
      return new MemorySource(null, address, getters);
    }
    return new ElementSource(getters);
  }

  private static boolean hasPlainValues(ValueVector vector) {
    return vector instanceof Float4Vector
        || vector instanceof Float8Vector
        || vector instanceof BigIntVector
        || vector instanceof IntVector
        || vector instanceof SmallIntVector
        || vector instanceof TinyIntVector;
  }

  /** The values one by one; ordinals are their indices. */
  final SpecializedGetters getters() {
    return getters;
  }

  final void readFrom(SpecializedGetters other) {
    getters = other;
  }

  UTF8String text(int index) {
    return getters.getUTF8String(index);
  }

  void floats(int first, int count, float[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = getters.getFloat(first + i);
    }
  }

  void doubles(int first, int count, double[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = getters.getDouble(first + i);
    }
  }

  void longs(int first, int count, long[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = getters.getLong(first + i);
    }
  }

  void ints(int first, int count, int[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = getters.getInt(first + i);
    }
  }

  void shorts(int first, int count, short[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = getters.getShort(first + i);
    }
  }

  void bytes(int first, int count, byte[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = getters.getByte(first + i);
    }
  }

  /** Booleans as 0 and 1. */
  void booleans(int first, int count, byte[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] = (byte) (getters.getBoolean(first + i) ? 1 : 0);
    }
  }
}
