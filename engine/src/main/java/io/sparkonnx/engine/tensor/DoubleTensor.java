package io.sparkonnx.engine.tensor;

import java.util.Arrays;

/** DOUBLE or COMPLEX128 elements. */
public final class DoubleTensor extends Tensor {
  private final double[] array;

  public DoubleTensor(ElementType type, double[] array, int offset, int... dims) {
    super(type, offset, dims.clone());
    this.array = array;
    checkBounds(array.length, ElementType.Storage.DOUBLE);
  }

  @Override
  public double[] array() {
    return array;
  }

  /** The array element at a row-major index. */
  public double get(int index) {
    return array[offset() + index];
  }

  /** A copy of the elements. */
  public double[] toArray() {
    return Arrays.copyOfRange(array, offset(), offset() + size() * type().width());
  }

  @Override
  public DoubleTensor view(int newOffset, int... newDims) {
    return new DoubleTensor(type(), array, newOffset, newDims);
  }

  @Override
  public DoubleTensor copy() {
    return new DoubleTensor(type(), toArray(), 0, dims());
  }

  @Override
  public long longAt(int index) {
    return (long) get(index);
  }

  @Override
  public double doubleAt(int index) {
    return get(index);
  }
}
