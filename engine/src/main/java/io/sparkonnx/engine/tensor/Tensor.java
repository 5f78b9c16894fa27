package io.sparkonnx.engine.tensor;

import java.lang.reflect.Array;
import java.util.Arrays;

/**
 * A dense, row-major tensor over part of a Java array: {@code size()} elements from {@code
 * offset()}. Type, shape and place are fixed, but for the place of a {@link MovingView}'s; the
 * elements are whoever's who made the tensor. Several tensors may look at one array.
 */
public abstract sealed class Tensor implements OnnxValue
    permits FloatTensor,
        DoubleTensor,
        IntTensor,
        LongTensor,
        ShortTensor,
        ByteTensor,
        StringTensor {
  private final ElementType type;
  private final int[] dims;
  private final int size;
  private int offset;

  Tensor(ElementType type, int offset, int[] dims) {
    this.type = type;
    this.dims = dims;
    this.size = sizeOf(dims);
    this.offset = offset;
  }

  void checkBounds(int arrayLength, ElementType.Storage expected) {
    if (type.storage() != expected) {
      throw new IllegalArgumentException(type + " is not held in a " + expected + " array");
    }
    if (offset < 0 || (long) offset + (long) size * type.width() > arrayLength) {
      throw new IllegalArgumentException(
          "tensor " + dimsString() + " at " + offset + " does not fit an array of " + arrayLength);
    }
  }

  /** Moves this along its array; only {@link MovingView} does so, with a view of its own. */
  final void moveTo(int newOffset) {
    int behind = type == ElementType.STRING ? 1 : 0;
    long end = (long) newOffset + (long) size * type.width() + behind;
    if (newOffset < 0 || end > Array.getLength(array())) {
      throw new IllegalArgumentException(
          "tensor " + dimsString() + " at " + newOffset + " is outside its array");
    }
    offset = newOffset;
  }

  /** Whether both look at elements of one type in one array. */
  boolean sharesArray(Tensor other) {
    return type == other.type && array() == other.array();
  }

  public final ElementType type() {
    return type;
  }

  public final int rank() {
    return dims.length;
  }

  public final int dim(int axis) {
    return dims[axis];
  }

  /** A copy of the shape. */
  public final int[] dims() {
    return dims.clone();
  }

  public final boolean sameDims(Tensor other) {
    return Arrays.equals(dims, other.dims);
  }

  public final boolean hasDims(int... expected) {
    return Arrays.equals(dims, expected);
  }

  /** Number of elements; 1 for a scalar. */
  public final int size() {
    return size;
  }

  /** Index of the first element in the array (in bytes' index list for strings). */
  public final int offset() {
    return offset;
  }

  public final String dimsString() {
    return Arrays.toString(dims);
  }

  /** The same elements in another shape of the same size. */
  public final Tensor reshaped(int... newDims) {
    if (sizeOf(newDims) != size) {
      throw new IllegalArgumentException(
          "cannot view " + dimsString() + " as " + Arrays.toString(newDims));
    }
    return view(offset, newDims);
  }

  /** A tensor of this type and array, from {@code newOffset}, in shape {@code newDims}. */
  public abstract Tensor view(int newOffset, int... newDims);

  /** A tensor with an array of its own and the same elements. */
  public abstract Tensor copy();

  /**
   * The Java array: float[], double[], int[], long[], short[] or byte[]; int[] offsets for strings.
   */
  public abstract Object array();

  /** The element at a row-major index as a long; floating-point values are truncated. */
  public abstract long longAt(int index);

  /** The element at a row-major index as a double; unsigned types as their unsigned value. */
  public abstract double doubleAt(int index);

  /** Elements of a shape. */
  public static int sizeOf(int... dims) {
    long size = 1;
    for (int dim : dims) {
      if (dim < 0) {
        throw new IllegalArgumentException("negative dimension in " + Arrays.toString(dims));
      }
      size *= dim;
      if (size > Integer.MAX_VALUE) {
        boolean empty = Arrays.stream(dims).anyMatch(d -> d == 0);
        if (empty) {
          return 0;
        }
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(dims) + " has more than 2^31-1 elements");
      }
    }
    return (int) size;
  }

  /** A zeroed tensor of any type but STRING. */
  public static Tensor allocate(ElementType type, int... dims) {
    int length = Math.multiplyExact(sizeOf(dims), type.width());
    return switch (type.storage()) {
      case FLOAT -> new FloatTensor(type, new float[length], 0, dims);
      case DOUBLE -> new DoubleTensor(type, new double[length], 0, dims);
      case INT -> new IntTensor(type, new int[length], 0, dims);
      case LONG -> new LongTensor(type, new long[length], 0, dims);
      case SHORT -> new ShortTensor(type, new short[length], 0, dims);
      case BYTE -> new ByteTensor(type, new byte[length], 0, dims);
      case STRING -> StringTensor.of(dims, filled(length));
    };
  }

  /** A tensor over an existing array of the type's storage. */
  public static Tensor wrap(ElementType type, Object array, int offset, int... dims) {
    return switch (type.storage()) {
      case FLOAT -> new FloatTensor(type, (float[]) array, offset, dims);
      case DOUBLE -> new DoubleTensor(type, (double[]) array, offset, dims);
      case INT -> new IntTensor(type, (int[]) array, offset, dims);
      case LONG -> new LongTensor(type, (long[]) array, offset, dims);
      case SHORT -> new ShortTensor(type, (short[]) array, offset, dims);
      case BYTE -> new ByteTensor(type, (byte[]) array, offset, dims);
      case STRING -> throw new IllegalArgumentException("strings are bytes and offsets");
    };
  }

  public static FloatTensor of(float[] elements, int... dims) {
    return new FloatTensor(ElementType.FLOAT, elements, 0, dims);
  }

  public static DoubleTensor of(double[] elements, int... dims) {
    return new DoubleTensor(ElementType.DOUBLE, elements, 0, dims);
  }

  public static IntTensor of(int[] elements, int... dims) {
    return new IntTensor(ElementType.INT32, elements, 0, dims);
  }

  public static LongTensor of(long[] elements, int... dims) {
    return new LongTensor(ElementType.INT64, elements, 0, dims);
  }

  public static ByteTensor of(boolean[] elements, int... dims) {
    byte[] bytes = new byte[elements.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (elements[i] ? 1 : 0);
    }
    return new ByteTensor(ElementType.BOOL, bytes, 0, dims);
  }

  public static StringTensor of(String[] elements, int... dims) {
    return StringTensor.of(dims, elements);
  }

  private static String[] filled(int length) {
    String[] empty = new String[length];
    Arrays.fill(empty, "");
    return empty;
  }

  @Override
  public String toString() {
    return type + dimsString();
  }
}
