package io.sparkonnx.engine.tensor;

/**
 * An ONNX optional.
 *
 * @param value the element, or null for none
 */
public record OptionalValue(OnnxValue value) implements OnnxValue {
  public boolean isPresent() {
    return value != null;
  }
}
