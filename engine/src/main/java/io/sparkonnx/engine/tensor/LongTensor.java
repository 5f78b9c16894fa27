package io.sparkonnx.engine.tensor;

import java.util.Arrays;

/** INT64 or UINT64 elements. */
public final class LongTensor extends Tensor {
  private final long[] array;

  public LongTensor(ElementType type, long[] array, int offset, int... dims) {
    super(type, offset, dims.clone());
    this.array = array;
    checkBounds(array.length, ElementType.Storage.LONG);
  }

  @Override
  public long[] array() {
    return array;
  }

  /** The array element at a row-major index. */
  public long get(int index) {
    return array[offset() + index];
  }

  /** A copy of the elements. */
  public long[] toArray() {
    return Arrays.copyOfRange(array, offset(), offset() + size() * type().width());
  }

  @Override
  public LongTensor view(int newOffset, int... newDims) {
    return new LongTensor(type(), array, newOffset, newDims);
  }

  @Override
  public LongTensor copy() {
    return new LongTensor(type(), toArray(), 0, dims());
  }

  @Override
  public long longAt(int index) {
    return get(index);
  }

  @Override
  public double doubleAt(int index) {
    return NarrowTypes.toDouble(get(index), type());
  }
}
