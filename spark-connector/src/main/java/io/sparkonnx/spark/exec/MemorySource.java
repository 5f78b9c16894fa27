package io.sparkonnx.spark.exec;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.unsafe.Platform;

/** Values that lie one after the other in memory, on or off the heap. */
final class MemorySource extends ElementSource {
  private Object base;
  private long offset;

  /**
   * @param base the Java array that they are in, or null for an address
   * @param offset of the first value from the base
   */
  MemorySource(Object base, long offset, SpecializedGetters getters) {
    super(getters);
    this.base = base;
    this.offset = offset;
  }

  /** Goes elsewhere; the values there can be copied, not read one by one. */
  void pointTo(Object newBase, long newOffset) {
    readFrom(null);
    base = newBase;
    offset = newOffset;
  }

  /** Goes to the elements of an array. */
  void pointTo(UnsafeArrayData array) {
    readFrom(array);
    base = array.getBaseObject();
    offset =
        array.getBaseOffset()
            + UnsafeArrayData.calculateHeaderPortionInBytes((long) array.numElements());
  }

  private void copy(long first, long count, int size, Object to, long at) {
    Platform.copyMemory(base, offset + first * size, to, at, count * size);
  }

  @Override
  void floats(int first, int count, float[] to, int at) {
    copy(first, count, Float.BYTES, to, Platform.FLOAT_ARRAY_OFFSET + (long) at * Float.BYTES);
  }

  @Override
  void doubles(int first, int count, double[] to, int at) {
    copy(first, count, Double.BYTES, to, Platform.DOUBLE_ARRAY_OFFSET + (long) at * Double.BYTES);
  }

  @Override
  void longs(int first, int count, long[] to, int at) {
    copy(first, count, Long.BYTES, to, Platform.LONG_ARRAY_OFFSET + (long) at * Long.BYTES);
  }

  @Override
  void ints(int first, int count, int[] to, int at) {
    copy(first, count, Integer.BYTES, to, Platform.INT_ARRAY_OFFSET + (long) at * Integer.BYTES);
  }

  @Override
  void shorts(int first, int count, short[] to, int at) {
    copy(first, count, Short.BYTES, to, Platform.SHORT_ARRAY_OFFSET + (long) at * Short.BYTES);
  }

  @Override
  void bytes(int first, int count, byte[] to, int at) {
    copy(first, count, Byte.BYTES, to, Platform.BYTE_ARRAY_OFFSET + (long) at);
  }

  @Override
  void booleans(int first, int count, byte[] to, int at) {
    bytes(first, count, to, at);
  }
}
