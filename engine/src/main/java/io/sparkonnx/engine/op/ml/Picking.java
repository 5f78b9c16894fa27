package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;

/** Picks elements of a tensor by index. */
final class Picking {
  private Picking() {}

  /** Writes {@code from[indices[0]], from[indices[1]], …} as an output of shape {@code dims}. */
  static void write(StepContext context, int output, Tensor from, int[] indices, int... dims) {
    if (from instanceof StringTensor strings) {
      context.set(output, strings(strings, indices, dims));
    } else {
      numbers(from, indices, context.output(output, dims));
    }
  }

  /** Fills {@code to} with {@code from[indices[0]], from[indices[1]], …}; not for strings. */
  static void numbers(Tensor from, int[] indices, Tensor to) {
    int f = from.offset();
    int t = to.offset();
    int count = to.size();
    switch (from.type().storage()) {
      case FLOAT -> {
        float[] source = (float[]) from.array();
        float[] target = (float[]) to.array();
        for (int i = 0; i < count; i++) {
          target[t + i] = source[f + indices[i]];
        }
      }
      case DOUBLE -> {
        double[] source = (double[]) from.array();
        double[] target = (double[]) to.array();
        for (int i = 0; i < count; i++) {
          target[t + i] = source[f + indices[i]];
        }
      }
      case LONG -> {
        long[] source = (long[]) from.array();
        long[] target = (long[]) to.array();
        for (int i = 0; i < count; i++) {
          target[t + i] = source[f + indices[i]];
        }
      }
      case INT -> {
        int[] source = (int[]) from.array();
        int[] target = (int[]) to.array();
        for (int i = 0; i < count; i++) {
          target[t + i] = source[f + indices[i]];
        }
      }
      case SHORT -> {
        short[] source = (short[]) from.array();
        short[] target = (short[]) to.array();
        for (int i = 0; i < count; i++) {
          target[t + i] = source[f + indices[i]];
        }
      }
      case BYTE -> {
        byte[] source = (byte[]) from.array();
        byte[] target = (byte[]) to.array();
        for (int i = 0; i < count; i++) {
          target[t + i] = source[f + indices[i]];
        }
      }
      case STRING -> throw new IllegalArgumentException("strings have no fixed size");
    }
  }

  private static StringTensor strings(StringTensor from, int[] indices, int... dims) {
    int count = Tensor.sizeOf(dims);
    int[] offsets = new int[count + 1];
    for (int i = 0; i < count; i++) {
      int length = from.end(indices[i]) - from.begin(indices[i]);
      offsets[i + 1] = Math.addExact(offsets[i], length);
    }
    byte[] bytes = new byte[offsets[count]];
    for (int i = 0; i < count; i++) {
      int length = offsets[i + 1] - offsets[i];
      System.arraycopy(from.bytes(), from.begin(indices[i]), bytes, offsets[i], length);
    }
    return new StringTensor(bytes, offsets, 0, dims);
  }
}
