package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * The tensors between which a step moves elements, and the copies that it found for their shapes.
 */
final class Moved {
  /** The inputs whose elements move; null where the node leaves one out. */
  final Tensor[] data;

  /** Null where nobody reads one. */
  final Tensor[] outputs;

  /** Null where nothing was found yet. */
  Copies copies;

  private Moved(int data, int outputs) {
    this.data = new Tensor[data];
    this.outputs = new Tensor[outputs];
  }

  /**
   * The step's inputs.
   *
   * @param moved indices of the inputs whose elements move; all where none are named
   */
  static Moved of(StepContext context, int... moved) {
    Moved tensors = (Moved) context.kept();
    if (tensors == null) {
      int count = moved.length == 0 ? context.inputs() : moved.length;
      tensors = new Moved(count, context.outputs());
      context.keep(tensors);
    }
    for (int i = 0; i < tensors.data.length; i++) {
      tensors.data[i] = context.input(moved.length == 0 ? i : moved[i]);
    }
    return tensors;
  }

  /** Asks for the outputs. */
  void open(StepContext context) {
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = context.wants(i) ? context.output(i) : null;
    }
  }

  /** Lets go of the tensors. */
  void leave() {
    Arrays.fill(data, null);
    Arrays.fill(outputs, null);
  }
}
