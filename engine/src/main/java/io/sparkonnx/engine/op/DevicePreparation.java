package io.sparkonnx.engine.op;

import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is known when it is decided whether a node runs on a device.
 *
 * @param device the device
 * @param inputs what is known of each input; null where the node leaves it out
 * @param outputs what is known of each output; null where the node leaves it out
 */
public record DevicePreparation(
    DeviceInfo device, List<ValueInfo> inputs, List<ValueInfo> outputs) {

  public boolean has(int input) {
    return input < inputs.size() && inputs.get(input) != null;
  }

  /** Axes of an input. */
  public int rank(int input) {
    return inputs.get(input).shape().rank();
  }

  /** Axes of output 0. */
  public int outputRank() {
    return outputs.get(0).shape().rank();
  }

  /** Element type of an input. */
  public ElementType element(int input) {
    return inputs.get(input).element();
  }

  /**
   * Whether all values that the device reads and writes are tensors with known ranks, of types that
   * the operator's form may take, and there is one output.
   */
  public boolean fits(Operator operator) {
    return outputs.size() == 1
        && canTake(operator, outputs.get(0))
        && IntStream.range(0, inputs.size()).allMatch(input -> canTake(operator, input));
  }

  private boolean canTake(Operator operator, int input) {
    return !has(input) || operator.readsOnHost(input) || canTake(operator, inputs.get(input));
  }

  private static boolean canTake(Operator operator, ValueInfo info) {
    if (info == null || !info.isTensor() || !info.shape().hasRank()) {
      return false;
    }
    return info.element() == ElementType.FLOAT
        || (operator.looksAtTypes() && DeviceForms.holds(info.element()));
  }
}
