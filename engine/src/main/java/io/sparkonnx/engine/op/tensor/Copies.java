package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The strided copies that a movement consists of, for tensors of given shapes. */
final class Copies {
  private record Part(StridedCopy copy, int data, int from, int output, int to) {}

  private final List<Part> parts = new ArrayList<>();

  /**
   * The copy of one box from the first of the data to the first output.
   *
   * @param from first element read, counted in elements from the tensor's first one
   * @param dims shape of the box
   */
  static Copies one(Tensor data, int from, int[] fromStrides, int[] dims, int[] toStrides) {
    Copies copies = new Copies();
    copies.add(data, 0, from, fromStrides, 0, 0, dims, toStrides);
    return copies;
  }

  /**
   * Adds the copy of one box.
   *
   * @param index of {@code data} among the data
   * @param from first element read, counted in elements from the tensor's first one
   * @param output index of the output
   * @param to first element written, counted so too
   * @param dims shape of the box
   */
  void add(
      Tensor data,
      int index,
      int from,
      int[] fromStrides,
      int output,
      int to,
      int[] dims,
      int[] toStrides) {
    int width = data.type().width();
    StridedCopy copy = new StridedCopy(data.type(), dims, fromStrides, toStrides);
    parts.add(new Part(copy, index, from * width, output, to * width));
  }

  void run(Tensor[] data, Tensor[] outputs) {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      Tensor from = data[part.data];
      Tensor to = outputs[part.output];
      part.copy.run(from.array(), from.offset() + part.from, to.array(), to.offset() + part.to);
    }
  }
}
