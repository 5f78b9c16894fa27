package io.sparkonnx.engine.tensor;

import java.util.Arrays;

/** INT32 or UINT32 elements. */
public final class IntTensor extends Tensor {
  private final int[] array;

  public IntTensor(ElementType type, int[] array, int offset, int... dims) {
    super(type, offset, dims.clone());
    this.array = array;
    checkBounds(array.length, ElementType.Storage.INT);
  }

  @Override
  public int[] array() {
    return array;
  }

  /** The array element at a row-major index. */
  public int get(int index) {
    return array[offset() + index];
  }

  /** A copy of the elements. */
  public int[] toArray() {
    return Arrays.copyOfRange(array, offset(), offset() + size() * type().width());
  }

  @Override
  public IntTensor view(int newOffset, int... newDims) {
    return new IntTensor(type(), array, newOffset, newDims);
  }

  @Override
  public IntTensor copy() {
    return new IntTensor(type(), toArray(), 0, dims());
  }

  @Override
  public long longAt(int index) {
    return type() == ElementType.UINT32 ? Integer.toUnsignedLong(get(index)) : get(index);
  }

  @Override
  public double doubleAt(int index) {
    return longAt(index);
  }
}
