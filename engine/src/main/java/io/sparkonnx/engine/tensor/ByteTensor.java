package io.sparkonnx.engine.tensor;

import java.util.Arrays;

/** Elements of at most eight bits, one a byte; small floats as raw bits. */
public final class ByteTensor extends Tensor {
  private final byte[] array;

  public ByteTensor(ElementType type, byte[] array, int offset, int... dims) {
    super(type, offset, dims.clone());
    this.array = array;
    checkBounds(array.length, ElementType.Storage.BYTE);
  }

  @Override
  public byte[] array() {
    return array;
  }

  /** The array element at a row-major index. */
  public byte get(int index) {
    return array[offset() + index];
  }

  /** A copy of the elements. */
  public byte[] toArray() {
    return Arrays.copyOfRange(array, offset(), offset() + size() * type().width());
  }

  @Override
  public ByteTensor view(int newOffset, int... newDims) {
    return new ByteTensor(type(), array, newOffset, newDims);
  }

  @Override
  public ByteTensor copy() {
    return new ByteTensor(type(), toArray(), 0, dims());
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
