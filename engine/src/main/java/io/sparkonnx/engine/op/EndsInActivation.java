package io.sparkonnx.engine.op;

/** An operator that can apply an element-wise function to its float result before storing it. */
public interface EndsInActivation extends Operator {
  /** What it applies at present. */
  Activation activation();

  /** The same operator with another function. */
  Operator withActivation(Activation function);
}
