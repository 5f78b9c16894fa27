package io.sparkonnx.engine.op;

import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * What is known when a step is made.
 *
 * @param node name of the node, for messages
 * @param kernels the kernel set of the plan; it packs the constants
 * @param inputs what is known of each input; null where the node leaves it out
 * @param outputs what is known of each output
 */
public record Preparation(
    String node, Kernels kernels, List<ValueInfo> inputs, List<ValueInfo> outputs) {

  public boolean has(int input) {
    return input < inputs.size() && inputs.get(input) != null;
  }

  public ValueInfo input(int input) {
    return inputs.get(input);
  }

  /** The input's value where it is a constant of the model, else null. */
  public Tensor constant(int input) {
    return has(input) ? inputs.get(input).constant() : null;
  }
}
