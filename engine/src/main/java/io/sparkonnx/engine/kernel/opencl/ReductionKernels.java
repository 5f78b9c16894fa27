package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceQueue;

/** Reductions of several steps, and softmax along an axis that is not the last. */
public final class ReductionKernels {
  private ReductionKernels() {}

  /** ln Σeˣ of each row of {@code x[rows, length]} as m + ln Σe^(x−m), 16 partials each. */
  public static void logSumExpRows(
      DeviceQueue queue, DeviceArray x, int rows, int length, DeviceArray y) {
    Launch.rows(
        queue,
        "log_sum_exp_rows",
        rows,
        rows,
        length,
        x.buffer(),
        x.offset(),
        y.buffer(),
        y.offset());
  }

  /** The same along the middle axis of {@code x[outer, length, inner]}, summed ascending. */
  public static void logSumExpColumns(
      DeviceQueue queue, DeviceArray x, int outer, int length, int inner, DeviceArray y) {
    Launch.line(
        queue,
        "log_sum_exp_columns",
        outer * inner,
        outer,
        length,
        inner,
        x.buffer(),
        x.offset(),
        y.buffer(),
        y.offset());
  }

  /**
   * Softmax along the middle axis of {@code x[outer, length, inner]}, or its logarithm, summed
   * ascending; y may be x.
   */
  public static void softmaxColumns(
      DeviceQueue queue,
      boolean logarithm,
      DeviceArray x,
      int outer,
      int length,
      int inner,
      DeviceArray y) {
    Launch.line(
        queue,
        "softmax_columns",
        outer * inner,
        logarithm ? 1 : 0,
        outer,
        length,
        inner,
        x.buffer(),
        x.offset(),
        y.buffer(),
        y.offset());
  }
}
