package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.tensor.Tensor;

/** What tests of Resize are made of. */
final class ResizeCases {
  private ResizeCases() {}

  /** Resize 19 with attributes, names and values in turn. */
  static OneOperator resize(Object... attributes) {
    OneOperator operator = OneOperator.of("Resize", 19);
    for (int i = 0; i < attributes.length; i += 2) {
      operator.with((String) attributes[i], attributes[i + 1]);
    }
    return operator;
  }

  /** A vector. */
  static Tensor floats(float... values) {
    return Tensor.of(values, values.length);
  }

  /** A vector. */
  static Tensor longs(long... values) {
    return Tensor.of(values, values.length);
  }
}
