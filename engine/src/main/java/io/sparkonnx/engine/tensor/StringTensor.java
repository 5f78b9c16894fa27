package io.sparkonnx.engine.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * STRING elements as UTF-8: element i is {@code bytes[offsets[offset()+i], offsets[offset()+i+1])}.
 */
public final class StringTensor extends Tensor {
  private final byte[] bytes;
  private final int[] offsets;

  public StringTensor(byte[] bytes, int[] offsets, int offset, int... dims) {
    super(ElementType.STRING, offset, dims.clone());
    this.bytes = bytes;
    this.offsets = offsets;
    checkBounds(offsets.length - 1, ElementType.Storage.STRING);
  }

  public static StringTensor of(int[] dims, String... elements) {
    byte[][] encoded = new byte[elements.length][];
    int[] offsets = new int[elements.length + 1];
    for (int i = 0; i < elements.length; i++) {
      encoded[i] = elements[i].getBytes(UTF_8);
      offsets[i + 1] = Math.addExact(offsets[i], encoded[i].length);
    }
    byte[] bytes = new byte[offsets[elements.length]];
    for (int i = 0; i < elements.length; i++) {
      System.arraycopy(encoded[i], 0, bytes, offsets[i], encoded[i].length);
    }
    return new StringTensor(bytes, offsets, 0, dims);
  }

  /** All UTF-8 bytes; see {@link #array()} for where each element lies. */
  public byte[] bytes() {
    return bytes;
  }

  /** Offsets into {@link #bytes()}. */
  @Override
  public int[] array() {
    return offsets;
  }

  public int begin(int index) {
    return offsets[offset() + index];
  }

  public int end(int index) {
    return offsets[offset() + index + 1];
  }

  public String get(int index) {
    return new String(bytes, begin(index), end(index) - begin(index), UTF_8);
  }

  public String[] toArray() {
    String[] elements = new String[size()];
    Arrays.setAll(elements, this::get);
    return elements;
  }

  @Override
  boolean sharesArray(Tensor other) {
    return super.sharesArray(other) && bytes == ((StringTensor) other).bytes;
  }

  @Override
  public StringTensor view(int newOffset, int... newDims) {
    return new StringTensor(bytes, offsets, newOffset, newDims);
  }

  @Override
  public StringTensor copy() {
    int first = begin(0);
    int last = offsets[offset() + size()];
    int[] moved = new int[size() + 1];
    Arrays.setAll(moved, i -> offsets[offset() + i] - first);
    return new StringTensor(Arrays.copyOfRange(bytes, first, last), moved, 0, dims());
  }

  @Override
  public long longAt(int index) {
    throw new IllegalStateException("a string is not a number");
  }

  @Override
  public double doubleAt(int index) {
    throw new IllegalStateException("a string is not a number");
  }
}
