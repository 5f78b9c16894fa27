package io.sparkonnx.engine.op.math;

import io.sparkonnx.engine.op.elementwise.Elements;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Random;

/** Tensors for tests, and their elements read back. */
public final class Numbers {
  private static final int OFFSET = 5;

  public static final List<ElementType> FLOATS =
      List.of(ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.BFLOAT16);

  public static final List<ElementType> INTEGERS =
      List.of(
          ElementType.INT8,
          ElementType.INT16,
          ElementType.INT32,
          ElementType.INT64,
          ElementType.UINT8,
          ElementType.UINT16,
          ElementType.UINT32,
          ElementType.UINT64);

  private Numbers() {}

  /** A tensor of these numbers that does not begin at its array's begin. */
  public static Tensor of(ElementType type, int[] dims, double... elements) {
    Tensor tensor = padded(type, dims);
    for (int i = 0; i < elements.length; i++) {
      if (type.isFloatingPoint()) {
        Elements.store(elements, i, tensor, tensor.offset() + i, 1);
      } else {
        Elements.store((long) elements[i], tensor, tensor.offset() + i);
      }
    }
    return tensor;
  }

  /** A vector of these numbers. */
  public static Tensor vector(ElementType type, double... elements) {
    return of(type, new int[] {elements.length}, elements);
  }

  /** A vector of these bits. */
  public static Tensor bits(ElementType type, long... elements) {
    Tensor tensor = padded(type, elements.length);
    for (int i = 0; i < elements.length; i++) {
      Elements.store(elements[i], tensor, tensor.offset() + i);
    }
    return tensor;
  }

  private static Tensor padded(ElementType type, int... dims) {
    return Tensor.allocate(type, OFFSET + Tensor.sizeOf(dims)).view(OFFSET, dims);
  }

  public static FloatTensor random(int seed, int... dims) {
    FloatTensor tensor = (FloatTensor) padded(ElementType.FLOAT, dims);
    Random random = new Random(seed);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.array()[tensor.offset() + i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  /** The same numbers as doubles. */
  public static DoubleTensor doubles(Tensor x) {
    return Tensor.of(read(x), x.dims());
  }

  public static double[] read(Tensor x) {
    double[] elements = new double[x.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = x.doubleAt(i);
    }
    return elements;
  }

  public static long[] longs(Tensor x) {
    long[] elements = new long[x.size()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = x.longAt(i);
    }
    return elements;
  }
}
