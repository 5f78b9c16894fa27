package io.sparkonnx.engine.op;

/** An operator that can apply an element-wise function to its float result before storing it. */
public interface EndsInActivation extends Operator {
  /** What it applies at present. */
  Activation activation();

  /** Whether the operator can apply this function, once it applies none. */
  default boolean canEndIn(Activation function) {
    return true;
  }

  /** The same operator with another function. */
  Operator withActivation(Activation function);
}
