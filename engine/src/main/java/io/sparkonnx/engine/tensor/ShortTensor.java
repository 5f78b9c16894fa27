package io.sparkonnx.engine.tensor;

import java.util.Arrays;

/** INT16, UINT16, FLOAT16 or BFLOAT16 elements; the floats as raw bits. */
public final class ShortTensor extends Tensor {
  private final short[] array;

  public ShortTensor(ElementType type, short[] array, int offset, int... dims) {
    super(type, offset, dims.clone());
    this.array = array;
    checkBounds(array.length, ElementType.Storage.SHORT);
  }

  @Override
  public short[] array() {
    return array;
  }

  /** The array element at a row-major index. */
  public short get(int index) {
    return array[offset() + index];
  }

  /** A copy of the elements. */
  public short[] toArray() {
    return Arrays.copyOfRange(array, offset(), offset() + size() * type().width());
  }

  @Override
  public ShortTensor view(int newOffset, int... newDims) {
    return new ShortTensor(type(), array, newOffset, newDims);
  }

  @Override
  public ShortTensor copy() {
    return new ShortTensor(type(), toArray(), 0, dims());
  }

  @Override
  public long longAt(int index) {
    return NarrowTypes.toLong(get(index), type());
  }

  @Override
  public double doubleAt(int index) {
    return NarrowTypes.toDouble(get(index), type());
  }
}
