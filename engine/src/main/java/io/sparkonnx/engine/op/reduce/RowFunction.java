package io.sparkonnx.engine.op.reduce;

/** What {@link Normalized} makes of a row. */
public enum RowFunction {
  /** eˣ / Σeˣ. */
  SOFTMAX,
  /** x − ln Σeˣ. */
  LOG_SOFTMAX,
  /** 1 at the first maximum, else 0. */
  HARDMAX
}
