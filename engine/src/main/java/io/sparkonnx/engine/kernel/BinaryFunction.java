package io.sparkonnx.engine.kernel;

/** Element-wise functions of two floats. */
public enum BinaryFunction {
  ADD,
  SUB,
  MUL,
  DIV,
  /** As {@link Math#min(float, float)}: NaN wins, −0 is below +0. */
  MIN,
  /** As {@link Math#max(float, float)}: NaN wins, +0 is above −0. */
  MAX,
  /** a to the power b with the special values of {@link Math#pow}; at most 4 ulp off. */
  POW,
  /** a &lt; 0 ? b·a : a. */
  PRELU
}
