package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.StepContext;
import java.util.function.Function;

/** Checks indices that flow as values. */
final class Indices {
  private Indices() {}

  /** The index with negative ones counted from the end; error where it is outside the axis. */
  static int inside(StepContext context, long index, int length) {
    return inside(context::error, index, length);
  }

  /**
   * The same.
   *
   * @param error makes an error of a message
   */
  static int inside(Function<String, ? extends RuntimeException> error, long index, int length) {
    if (index < -length || index >= length) {
      throw error.apply("index " + index + " is outside an axis of " + length);
    }
    return (int) (index < 0 ? index + length : index);
  }
}
