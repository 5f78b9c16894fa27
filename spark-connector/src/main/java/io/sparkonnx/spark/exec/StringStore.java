package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** Strings as UTF-8, one behind the other in the order in which they come. */
final class StringStore extends ElementStore {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private byte[] bytes = new byte[1024];
  private int used;
  private int[] begins = {0};
  private int[] ends = {};

  /** Elements up to the last one that was written. */
  private int written;

  private long moved;

  @Override
  void begin() {
    used = 0;
    written = 0;
  }

  @Override
  Writer writer(DataType from) {
    return (row, i, index) -> put(row.getUTF8String(i), index);
  }

  private void put(UTF8String value, int index) {
    long end = (long) used + value.numBytes();
    if (end > bytes.length) {
      grow(end);
    }
    value.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET + (long) used);
    place(index, (int) end);
  }

  private void grow(long end) {
    if (end > MAX_BYTES) {
      throw new OnnxException(
          OnnxException.Code.LIMIT_EXCEEDED,
          "the strings of a batch have more than "
              + MAX_BYTES
              + " bytes; take a smaller batch_size");
    }
    bytes = Arrays.copyOf(bytes, grown(bytes.length, (int) end));
  }

  private void place(int index, int end) {
    begins[index] = used;
    ends[index] = end;
    used = end;
    written = Math.max(written, index + 1);
  }

  @Override
  void reserve(int elements) {
    if (elements > ends.length) {
      int capacity = grown(ends.length, elements);
      begins = Arrays.copyOf(begins, capacity + 1);
      ends = Arrays.copyOf(ends, capacity);
    }
  }

  @Override
  void clear(int first, int count) {
    for (int i = first; i < first + count; i++) {
      place(i, used);
    }
  }

  @Override
  void putNan(int index) {
    throw new IllegalStateException("strings have no NaN");
  }

  @Override
  void putRaw(ElementSource from, int count, int index) {
    throw new IllegalStateException("strings have no raw elements");
  }

  @Override
  long bytes(int elements) {
    long sum = (long) elements * Integer.BYTES;
    for (int i = 0; i < elements; i++) {
      sum += ends[i] - begins[i];
    }
    return sum;
  }

  @Override
  long movedBytes() {
    return moved;
  }

  /** In place where the strings lie in the order of their indices, else copied. */
  @Override
  Tensor tensor(int first, int... dims) {
    int end = first + Tensor.sizeOf(dims);
    if (!isInOrder(first, end)) {
      return copied(first, end, dims);
    }
    if (end == written) {
      begins[end] = used;
    }
    return new StringTensor(bytes, begins, first, dims);
  }

  private boolean isInOrder(int first, int end) {
    for (int i = first; i < end; i++) {
      if (ends[i] != (i + 1 < written ? begins[i + 1] : used)) {
        return false;
      }
    }
    return true;
  }

  private Tensor copied(int first, int end, int[] dims) {
    int[] offsets = new int[end - first + 1];
    for (int i = first; i < end; i++) {
      offsets[i - first + 1] = Math.addExact(offsets[i - first], ends[i] - begins[i]);
    }
    byte[] all = new byte[offsets[end - first]];
    for (int i = first; i < end; i++) {
      System.arraycopy(bytes, begins[i], all, offsets[i - first], ends[i] - begins[i]);
    }
    moved += all.length + (long) (end - first) * Integer.BYTES;
    return new StringTensor(all, offsets, 0, dims);
  }
}
