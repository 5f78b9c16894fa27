package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;

/** Short lists as tensors. */
final class Tensors {
  private Tensors() {}

  /** The elements of two tensors of one type, one after the other. */
  static Tensor join(Tensor first, Tensor second) {
    int size = first.size() + second.size();
    if (first instanceof StringTensor names) {
      String[] all = new String[size];
      System.arraycopy(names.toArray(), 0, all, 0, first.size());
      System.arraycopy(((StringTensor) second).toArray(), 0, all, first.size(), second.size());
      return Tensor.of(all, size);
    }
    Tensor joined = Tensor.allocate(first.type(), size);
    System.arraycopy(first.array(), first.offset(), joined.array(), 0, first.size());
    System.arraycopy(second.array(), second.offset(), joined.array(), first.size(), second.size());
    return joined;
  }
}
