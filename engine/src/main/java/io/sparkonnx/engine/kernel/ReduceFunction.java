package io.sparkonnx.engine.kernel;

/** Reductions of floats. SUM of nothing is 0, PRODUCT 1, MIN +Inf, MAX −Inf. */
public enum ReduceFunction {
  SUM,
  SUM_ABS,
  SUM_SQUARE,
  PRODUCT,
  /** NaN wins. */
  MIN,
  /** NaN wins. */
  MAX
}
