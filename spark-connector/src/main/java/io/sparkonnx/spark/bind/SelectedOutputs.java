package io.sparkonnx.spark.bind;

import io.sparkonnx.engine.Signature;
import io.sparkonnx.engine.Signature.Port;
import java.util.List;
import java.util.stream.Collectors;

/** The outputs that the option {@code outputs} asks for. */
final class SelectedOutputs {
  private SelectedOutputs() {}

  /** The ports in the order asked for; raises ONNX_OPTIONS for a name that the model lacks. */
  static List<Port> of(Signature signature, CallOptions options) {
    if (options.outputs().isEmpty()) {
      return signature.outputs();
    }
    return options.outputs().stream().map(name -> port(signature, name, options)).toList();
  }

  private static Port port(Signature signature, String name, CallOptions options) {
    return signature.outputs().stream()
        .filter(port -> port.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                OnnxCondition.ONNX_OPTIONS.raise(
                    options.function()
                        + ": option outputs asks for "
                        + name
                        + ", which is no output; the model gives "
                        + signature.outputs().stream()
                            .map(Port::toString)
                            .collect(Collectors.joining(", "))));
  }
}
