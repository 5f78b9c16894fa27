package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** Strings as UTF-8, one behind the other in the order in which they come. */
final class StringStore extends ElementStore {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private final LongConsumer growth;
  private byte[] bytes = new byte[1024];
  private int used;
  private int[] begins = {0};
  private int[] ends = {};

  /** Elements up to the last one that was written. */
  private int written;

  StringStore(LongConsumer growth) {
    this.growth = growth;
  }

  @Override
  void begin() {
    used = 0;
    written = 0;
  }

  @Override
  Writer writer(DataType from) {
    return new Writer() {
      @Override
      public void put(SpecializedGetters row, int ordinal, int index) {
        StringStore.this.put(row.getUTF8String(ordinal), index);
      }

      @Override
      public void putAll(ElementSource from, int first, int count, int index, int stride) {
        for (int i = 0; i < count; i++) {
          StringStore.this.put(from.text(first + i), index + i * stride);
        }
      }
    };
  }

  private void put(UTF8String value, int index) {
    long end = (long) used + value.numBytes();
    if (end > bytes.length) {
      grow(end);
    }
    if (value.getBaseObject() instanceof byte[] base) {
      int from = (int) (value.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET);
      System.arraycopy(base, from, bytes, used, value.numBytes());
    } else {
      value.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET + (long) used);
    }
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
    int capacity = grown(bytes.length, (int) end);
    growth.accept(capacity - bytes.length);
    bytes = Arrays.copyOf(bytes, capacity);
  }

  private void place(int index, int end) {
    begins[index] = used;
    ends[index] = end;
    used = end;
    written = Math.max(written, index + 1);
  }

  @Override
  long textBytes() {
    return used;
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

  /** In place where the strings lie in the order of their indices, else copied. */
  @Override
  Tensor tensor(int first, int... dims) {
    int end = first + Tensor.sizeOf(dims);
    if (!isInOrder(first, end)) {
      return pieces(new int[] {first}, new int[] {end - first}, end - first, dims);
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

  @Override
  Tensor pieces(int[] firsts, int[] lengths, int stride, int... dims) {
    int[] offsets = new int[Tensor.sizeOf(dims) + 1];
    for (int i = 0; i < firsts.length; i++) {
      for (int j = 0; j < lengths[i]; j++) {
        offsets[i * stride + j + 1] = ends[firsts[i] + j] - begins[firsts[i] + j];
      }
    }
    for (int i = 1; i < offsets.length; i++) {
      offsets[i] = Math.addExact(offsets[i - 1], offsets[i]);
    }
    byte[] all = new byte[offsets[offsets.length - 1]];
    for (int i = 0; i < firsts.length; i++) {
      for (int j = 0; j < lengths[i]; j++) {
        int from = begins[firsts[i] + j];
        int to = offsets[i * stride + j];
        System.arraycopy(bytes, from, all, to, ends[firsts[i] + j] - from);
      }
    }
    addMoved(all.length + (long) (offsets.length - 1) * Integer.BYTES);
    return new StringTensor(all, offsets, 0, dims);
  }
}
