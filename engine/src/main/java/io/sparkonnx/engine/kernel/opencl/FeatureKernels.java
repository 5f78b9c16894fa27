package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceQueue;

/** What is done to columns and rows of features before a model. */
public final class FeatureKernels {
  private FeatureKernels() {}

  /** What a row is divided by. */
  public enum Norm {
    /** The greatest element, not its magnitude; NaN is no element. */
    MAX,
    L1,
    L2
  }

  /**
   * Replaces elements of x[outer, columns, inner]; y may be x.
   *
   * @param replaced what is replaced, which may be NaN
   * @param values one per column
   */
  public static void impute(
      DeviceQueue queue,
      DeviceArray x,
      float replaced,
      DeviceArray values,
      int columns,
      int inner,
      DeviceArray y,
      int length) {
    Launch.line(
        queue,
        "impute_run",
        length,
        x.buffer(),
        x.offset(),
        replaced,
        values.buffer(),
        values.offset(),
        columns,
        inner,
        y.buffer(),
        y.offset(),
        length);
  }

  /** Divides each row; one whose divisor is zero stays. Sums run in double. y may be x. */
  public static void normalize(
      DeviceQueue queue, Norm norm, DeviceArray x, int rows, int length, DeviceArray y) {
    Launch.line(
        queue,
        "normalize_features",
        rows,
        norm.ordinal(),
        rows,
        length,
        x.buffer(),
        x.offset(),
        y.buffer(),
        y.offset());
  }
}
