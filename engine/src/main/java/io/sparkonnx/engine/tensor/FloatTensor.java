package io.sparkonnx.engine.tensor;

import java.util.Arrays;

/** FLOAT or COMPLEX64 elements. */
public final class FloatTensor extends Tensor {
  private final float[] array;

  public FloatTensor(ElementType type, float[] array, int offset, int... dims) {
    super(type, offset, dims.clone());
    this.array = array;
    checkBounds(array.length, ElementType.Storage.FLOAT);
  }

  @Override
  public float[] array() {
    return array;
  }

  /** The array element at a row-major index. */
  public float get(int index) {
    return array[offset() + index];
  }

  /** A copy of the elements. */
  public float[] toArray() {
    return Arrays.copyOfRange(array, offset(), offset() + size() * type().width());
  }

  @Override
  public FloatTensor view(int newOffset, int... newDims) {
    return new FloatTensor(type(), array, newOffset, newDims);
  }

  @Override
  public FloatTensor copy() {
    return new FloatTensor(type(), toArray(), 0, dims());
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
