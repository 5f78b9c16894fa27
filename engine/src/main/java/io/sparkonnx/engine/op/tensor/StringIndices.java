package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.IntTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;

/** Numbers the elements of string tensors, so that they can be moved as integers. */
final class StringIndices {
  /** Stands for no text. */
  static final int NONE = -1;

  private StringIndices() {}

  /** Tensors of the same shapes that hold 0, 1, 2, … through all of them. */
  static Tensor[] number(Tensor[] strings) {
    Tensor[] numbered = new Tensor[strings.length];
    int next = 0;
    for (int i = 0; i < strings.length; i++) {
      if (strings[i] == null) {
        continue;
      }
      int[] indices = new int[strings[i].size()];
      for (int j = 0; j < indices.length; j++) {
        indices[j] = next++;
      }
      numbered[i] = Tensor.of(indices, strings[i].dims());
    }
    return numbered;
  }

  /** The strings with these numbers, in the shape of {@code numbers}. */
  static StringTensor pick(Tensor[] strings, Tensor numbers) {
    int[] picked = ((IntTensor) numbers).toArray();
    int[] offsets = new int[picked.length + 1];
    for (int i = 0; i < picked.length; i++) {
      int length = 0;
      if (picked[i] != NONE) {
        int source = source(strings, picked[i]);
        StringTensor tensor = (StringTensor) strings[source];
        int index = picked[i] - before(strings, source);
        length = tensor.end(index) - tensor.begin(index);
      }
      offsets[i + 1] = Math.addExact(offsets[i], length);
    }
    byte[] bytes = new byte[offsets[picked.length]];
    for (int i = 0; i < picked.length; i++) {
      if (picked[i] != NONE) {
        int source = source(strings, picked[i]);
        StringTensor tensor = (StringTensor) strings[source];
        int begin = tensor.begin(picked[i] - before(strings, source));
        System.arraycopy(tensor.bytes(), begin, bytes, offsets[i], offsets[i + 1] - offsets[i]);
      }
    }
    return new StringTensor(bytes, offsets, 0, numbers.dims());
  }

  private static int source(Tensor[] strings, int number) {
    int source = 0;
    int end = size(strings[0]);
    while (number >= end) {
      end += size(strings[++source]);
    }
    return source;
  }

  private static int before(Tensor[] strings, int source) {
    int before = 0;
    for (int i = 0; i < source; i++) {
      before += size(strings[i]);
    }
    return before;
  }

  private static int size(Tensor strings) {
    return strings == null ? 0 : strings.size();
  }
}
