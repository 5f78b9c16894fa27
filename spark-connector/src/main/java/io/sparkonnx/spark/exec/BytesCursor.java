package io.sparkonnx.spark.exec;

import java.nio.ByteBuffer;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.execution.vectorized.OffHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.unsafe.Platform;

/** Finds the bytes of a binary value in memory, without a copy where that can be. */
final class BytesCursor {
  private final MemorySource values = new MemorySource(null, 0, null);
  private int size;

  /** Goes to the value at an ordinal, which is not null. */
  void row(SpecializedGetters from, int ordinal) {
    if (from instanceof UnsafeRow row) {
      long place = row.getLong(ordinal);
      pointTo(row.getBaseObject(), row.getBaseOffset() + (place >>> 32), (int) place);
    } else {
      pointTo(from.getBinary(ordinal));
    }
  }

  /** Goes to a column's value, which is not null. */
  void row(ColumnVector column, int row) {
    if (column instanceof WritableColumnVector writable && !writable.hasDictionary()) {
      int start = writable.getArrayOffset(row);
      int length = writable.getArrayLength(row);
      WritableColumnVector bytes = writable.arrayData();
      if (bytes instanceof OnHeapColumnVector) {
        ByteBuffer buffer = bytes.getByteBuffer(start, length);
        pointTo(buffer.array(), Platform.BYTE_ARRAY_OFFSET + (long) buffer.position(), length);
        return;
      }
      if (bytes instanceof OffHeapColumnVector offHeap) {
        pointTo(null, offHeap.valuesNativeAddress() + start, length);
        return;
      }
    }
    if (column instanceof ArrowColumnVector arrow
        && arrow.getValueVector() instanceof VarBinaryVector binary) {
      int start = binary.getStartOffset(row);
      pointTo(null, binary.getDataBuffer().memoryAddress() + start, binary.getValueLength(row));
      return;
    }
    pointTo(column.getBinary(row));
  }

  private void pointTo(byte[] bytes) {
    pointTo(bytes, Platform.BYTE_ARRAY_OFFSET, bytes.length);
  }

  private void pointTo(Object base, long offset, int length) {
    values.pointTo(base, offset);
    size = length;
  }

  int size() {
    return size;
  }

  /** The bytes from index 0 on; not to be read one by one. */
  MemorySource values() {
    return values;
  }
}
