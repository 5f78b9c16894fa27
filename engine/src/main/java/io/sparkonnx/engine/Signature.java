package io.sparkonnx.engine;

import io.sparkonnx.engine.type.ValueType;
import java.util.List;

/**
 * What a model takes and gives, in the file's order.
 *
 * @param inputs values a caller gives; optional ones have a default in the model
 * @param outputs values a run gives back
 */
public record Signature(List<Port> inputs, List<Port> outputs) {
  public Signature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * One input or output.
   *
   * @param name ONNX name
   * @param type element type and symbolic shape, or a sequence, map or optional
   * @param optional whether the caller may leave it out
   */
  public record Port(String name, ValueType type, boolean optional) {
    @Override
    public String toString() {
      return name + ": " + type + (optional ? " (optional)" : "");
    }
  }

  @Override
  public String toString() {
    return inputs + " -> " + outputs;
  }
}
