package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.lang.reflect.Array;
import java.util.List;
import java.util.function.ToIntFunction;

/** Tensors whose elements tell where they were, of every kind of storage. */
final class Numbered {
  /** One type for each storage, and one of two array elements each. */
  static final List<ElementType> TYPES =
      List.of(
          ElementType.FLOAT,
          ElementType.DOUBLE,
          ElementType.INT32,
          ElementType.INT64,
          ElementType.FLOAT16,
          ElementType.UINT8,
          ElementType.COMPLEX64,
          ElementType.STRING);

  private static final int OFFSET = 3;

  private Numbered() {}

  /** Element i of a tensor that does not begin at its array's begin is the number i. */
  static Tensor of(ElementType type, int... dims) {
    int size = Tensor.sizeOf(dims);
    if (type == ElementType.STRING) {
      String[] texts = new String[OFFSET + size];
      for (int i = 0; i < texts.length; i++) {
        texts[i] = Integer.toString(i - OFFSET);
      }
      return Tensor.of(texts, texts.length).view(OFFSET, dims);
    }
    Tensor padded = Tensor.allocate(type, OFFSET + size);
    int width = type.width();
    for (int i = 0; i < size; i++) {
      put(padded.array(), (OFFSET + i) * width, i);
    }
    return padded.view(OFFSET * width, dims);
  }

  private static void put(Object array, int at, int number) {
    if (array instanceof float[] floats) {
      floats[at] = number;
    } else if (array instanceof double[] doubles) {
      doubles[at] = number;
    } else if (array instanceof int[] ints) {
      ints[at] = number;
    } else if (array instanceof long[] longs) {
      longs[at] = number;
    } else if (array instanceof short[] shorts) {
      shorts[at] = (short) number;
    } else {
      ((byte[]) array)[at] = (byte) number;
    }
  }

  /** The numbers in a tensor; those of bytes lack their high bits. */
  static int[] read(Tensor tensor) {
    int[] numbers = new int[tensor.size()];
    for (int i = 0; i < numbers.length; i++) {
      int at = tensor.offset() + i * tensor.type().width();
      numbers[i] =
          tensor instanceof StringTensor texts
              ? Integer.parseInt(texts.get(i))
              : ((Number) Array.get(tensor.array(), at)).intValue();
    }
    return numbers;
  }

  /** What {@link #read} should give for these numbers in this type. */
  static int[] expected(ElementType type, int[] numbers) {
    boolean bytes = type.storage() == ElementType.Storage.BYTE;
    int[] result = numbers.clone();
    for (int i = 0; bytes && i < result.length; i++) {
      result[i] = (byte) result[i];
    }
    return result;
  }

  /** The numbers that a rule gives for every index of a shape, row-major. */
  static int[] by(int[] dims, ToIntFunction<int[]> rule) {
    int[] numbers = new int[Tensor.sizeOf(dims)];
    int[] index = new int[dims.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = rule.applyAsInt(index);
      for (int axis = dims.length - 1; axis >= 0 && ++index[axis] == dims[axis]; axis--) {
        index[axis] = 0;
      }
    }
    return numbers;
  }

  /** The row-major number of an index. */
  static int at(int[] dims, int... index) {
    int number = 0;
    for (int i = 0; i < dims.length; i++) {
      number = number * dims[i] + index[i];
    }
    return number;
  }
}
