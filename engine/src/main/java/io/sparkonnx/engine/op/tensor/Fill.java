package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;

/** Sets all elements of a tensor to one value. */
public final class Fill {
  private Fill() {}

  /**
   * @param value a tensor of one element of the same type; not of strings
   */
  public static void with(Tensor tensor, Tensor value) {
    range(tensor, value, 0, tensor.size());
  }

  /** Sets the elements with row-major indices from {@code first} to before {@code last}. */
  static void range(Tensor tensor, Tensor value, int first, int last) {
    int width = tensor.type().width();
    int from = tensor.offset() + first * width;
    int to = tensor.offset() + last * width;
    int at = value.offset();
    if (width > 1) {
      StridedCopy.copy(
          tensor.type(),
          new int[] {last - first},
          value.array(),
          at,
          new int[] {0},
          tensor.array(),
          from,
          new int[] {1});
      return;
    }
    switch (tensor.type().storage()) {
      case FLOAT -> Arrays.fill((float[]) tensor.array(), from, to, ((float[]) value.array())[at]);
      case DOUBLE ->
          Arrays.fill((double[]) tensor.array(), from, to, ((double[]) value.array())[at]);
      case INT -> Arrays.fill((int[]) tensor.array(), from, to, ((int[]) value.array())[at]);
      case LONG -> Arrays.fill((long[]) tensor.array(), from, to, ((long[]) value.array())[at]);
      case SHORT -> Arrays.fill((short[]) tensor.array(), from, to, ((short[]) value.array())[at]);
      case BYTE -> Arrays.fill((byte[]) tensor.array(), from, to, ((byte[]) value.array())[at]);
      case STRING -> throw new IllegalArgumentException("strings cannot be set in place");
    }
  }
}
