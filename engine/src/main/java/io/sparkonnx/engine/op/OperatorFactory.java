package io.sparkonnx.engine.op;

/** Makes an operator from a node's attributes. */
@FunctionalInterface
public interface OperatorFactory {
  /**
   * @throws io.sparkonnx.engine.OnnxException made by {@link Attributes#error} when an attribute is
   *     missing or out of range
   */
  Operator create(Attributes attributes);
}
