package io.sparkonnx.engine.op;

import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

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

  /** Whether all values are tensors of floats with known ranks and there is one output. */
  public boolean takesFloatsAlone() {
    return outputs.size() == 1
        && outputs.stream().allMatch(DevicePreparation::isFloats)
        && inputs.stream().allMatch(info -> info == null || isFloats(info));
  }

  private static boolean isFloats(ValueInfo info) {
    return info != null
        && info.isTensor()
        && info.shape().hasRank()
        && info.element() == ElementType.FLOAT;
  }
}
