package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.StepContext;

/** Checks indices that flow as values. */
final class Indices {
  private Indices() {}

  /** The index with negative ones counted from the end; error where it is outside the axis. */
  static int inside(StepContext context, long index, int length) {
    if (index < -length || index >= length) {
      throw context.error("index " + index + " is outside an axis of " + length);
    }
    return (int) (index < 0 ? index + length : index);
  }
}
