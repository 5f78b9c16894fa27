package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import org.apache.spark.sql.types.DataType;

/** Strings as UTF-8. */
final class StringStore extends ElementStore {
  private byte[][] values = {};

  @Override
  Writer writer(DataType from) {
    return (row, i, index) -> values[index] = row.getUTF8String(i).getBytes();
  }

  @Override
  void reserve(int elements) {
    if (elements > values.length) {
      values = Arrays.copyOf(values, grown(values.length, elements));
    }
  }

  @Override
  void clear(int first, int count) {
    Arrays.fill(values, first, first + count, new byte[0]);
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
  Tensor tensor(int first, int... dims) {
    int size = Tensor.sizeOf(dims);
    int[] offsets = new int[size + 1];
    for (int i = 0; i < size; i++) {
      offsets[i + 1] = Math.addExact(offsets[i], values[first + i].length);
    }
    byte[] bytes = new byte[offsets[size]];
    for (int i = 0; i < size; i++) {
      byte[] value = values[first + i];
      System.arraycopy(value, 0, bytes, offsets[i], value.length);
    }
    return new StringTensor(bytes, offsets, 0, dims);
  }
}
