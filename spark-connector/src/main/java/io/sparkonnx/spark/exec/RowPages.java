package io.sparkonnx.spark.exec;

import java.util.Arrays;
import java.util.function.LongConsumer;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.Platform;

/** Copies of a batch's rows, one after the other in one array that is used again and again. */
final class RowPages {
  private final UnsafeRow view;
  private final LongConsumer growth;
  private byte[] bytes = new byte[64 << 10];
  private int[] ends = new int[64];
  private int rows;

  /**
   * @param growth told how many bytes the array will grow by, before it does
   */
  RowPages(int fields, LongConsumer growth) {
    this.view = new UnsafeRow(fields);
    this.growth = growth;
  }

  void clear() {
    rows = 0;
  }

  int rows() {
    return rows;
  }

  /** Bytes of all rows. */
  int size() {
    return rows == 0 ? 0 : ends[rows - 1];
  }

  void add(UnsafeRow row) {
    int begin = size();
    int end = Math.addExact(begin, row.getSizeInBytes());
    if (end > bytes.length) {
      int capacity = ElementStore.grown(bytes.length, end);
      growth.accept(capacity - bytes.length);
      bytes = Arrays.copyOf(bytes, capacity);
    }
    if (rows == ends.length) {
      ends = Arrays.copyOf(ends, ElementStore.grown(ends.length, rows + 1));
    }
    row.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET + (long) begin);
    ends[rows++] = end;
  }

  /** A view of a row, valid until the next call. */
  UnsafeRow get(int row) {
    int begin = row == 0 ? 0 : ends[row - 1];
    view.pointTo(bytes, Platform.BYTE_ARRAY_OFFSET + (long) begin, ends[row] - begin);
    return view;
  }
}
