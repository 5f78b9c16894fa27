package io.sparkonnx.spark.bind;

/** Whether sequences are padded, so that rows of different lengths share a run. */
public enum Padding {
  /** As the session is set to. */
  SESSION,
  /** Rows of one length share a run. */
  NONE,
  /** Rows are padded where the model has a mask that says so. */
  MASK
}
