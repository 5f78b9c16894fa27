package io.sparkonnx.spark.bind;

/** What NULL is in inputs of floating-point numbers. */
public enum NullAs {
  /** As the session is set to when the call is analyzed. */
  SESSION,
  /** A value that the model cannot take. */
  BAD_ROW,
  /** NaN. */
  NAN
}
