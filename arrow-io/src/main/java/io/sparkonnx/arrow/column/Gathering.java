package io.sparkonnx.arrow.column;

import io.sparkonnx.engine.tensor.ByteTensor;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.IntTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.ShortTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;

/** Copies elements by index; a negative index leaves zero or the empty string. */
final class Gathering {
  private Gathering() {}

  static Tensor gather(Tensor tensor, int[] indices) {
    if (tensor instanceof StringTensor strings) {
      return gather(strings, indices);
    }
    Tensor result = Tensor.allocate(tensor.type(), indices.length);
    int offset = tensor.offset();
    if (tensor instanceof FloatTensor from) {
      gather(from.array(), offset, indices, (float[]) result.array());
    } else if (tensor instanceof DoubleTensor from) {
      gather(from.array(), offset, indices, (double[]) result.array());
    } else if (tensor instanceof IntTensor from) {
      gather(from.array(), offset, indices, (int[]) result.array());
    } else if (tensor instanceof LongTensor from) {
      gather(from.array(), offset, indices, (long[]) result.array());
    } else if (tensor instanceof ShortTensor from) {
      gather(from.array(), offset, indices, (short[]) result.array());
    } else {
      gather(((ByteTensor) tensor).array(), offset, indices, (byte[]) result.array());
    }
    return result;
  }

  private static void gather(float[] from, int offset, int[] indices, float[] to) {
    for (int i = 0; i < indices.length; i++) {
      to[i] = indices[i] < 0 ? 0 : from[offset + indices[i]];
    }
  }

  private static void gather(double[] from, int offset, int[] indices, double[] to) {
    for (int i = 0; i < indices.length; i++) {
      to[i] = indices[i] < 0 ? 0 : from[offset + indices[i]];
    }
  }

  private static void gather(int[] from, int offset, int[] indices, int[] to) {
    for (int i = 0; i < indices.length; i++) {
      to[i] = indices[i] < 0 ? 0 : from[offset + indices[i]];
    }
  }

  private static void gather(long[] from, int offset, int[] indices, long[] to) {
    for (int i = 0; i < indices.length; i++) {
      to[i] = indices[i] < 0 ? 0 : from[offset + indices[i]];
    }
  }

  private static void gather(short[] from, int offset, int[] indices, short[] to) {
    for (int i = 0; i < indices.length; i++) {
      to[i] = indices[i] < 0 ? 0 : from[offset + indices[i]];
    }
  }

  private static void gather(byte[] from, int offset, int[] indices, byte[] to) {
    for (int i = 0; i < indices.length; i++) {
      to[i] = indices[i] < 0 ? 0 : from[offset + indices[i]];
    }
  }

  private static StringTensor gather(StringTensor from, int[] indices) {
    int[] offsets = new int[indices.length + 1];
    for (int i = 0; i < indices.length; i++) {
      int length = indices[i] < 0 ? 0 : from.end(indices[i]) - from.begin(indices[i]);
      offsets[i + 1] = Math.addExact(offsets[i], length);
    }
    byte[] bytes = new byte[offsets[indices.length]];
    for (int i = 0; i < indices.length; i++) {
      if (indices[i] >= 0) {
        System.arraycopy(
            from.bytes(), from.begin(indices[i]), bytes, offsets[i], offsets[i + 1] - offsets[i]);
      }
    }
    return new StringTensor(bytes, offsets, 0, indices.length);
  }

  /** The element indices of rows of lists; {@code offsets} are those of the result. */
  static int[] elements(int[] from, int[] rows, int[] offsets) {
    int[] elements = new int[offsets[rows.length]];
    for (int i = 0; i < rows.length; i++) {
      for (int at = offsets[i], e = 0; at < offsets[i + 1]; at++, e++) {
        elements[at] = from[rows[i]] + e;
      }
    }
    return elements;
  }

  /** Offsets of the lists {@code rows} of a column with the offsets {@code from}. */
  static int[] offsets(int[] from, int[] rows) {
    int[] offsets = new int[rows.length + 1];
    for (int i = 0; i < rows.length; i++) {
      int length = rows[i] < 0 ? 0 : from[rows[i] + 1] - from[rows[i]];
      offsets[i + 1] = Math.addExact(offsets[i], length);
    }
    return offsets;
  }

  static void checkOffsets(int[] offsets, int rows, int elements) {
    boolean ascending = offsets.length == rows + 1 && offsets[0] == 0;
    for (int i = 0; ascending && i < rows; i++) {
      ascending = offsets[i] <= offsets[i + 1];
    }
    if (!ascending || offsets[rows] != elements) {
      throw new IllegalArgumentException(
          "offsets must ascend from 0 to " + elements + " in " + (rows + 1) + " steps");
    }
  }
}
