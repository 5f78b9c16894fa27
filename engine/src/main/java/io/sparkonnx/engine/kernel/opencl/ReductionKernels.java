package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceQueue;

/**
 * Reductions of several steps, places of extremes, and softmax along an axis that is not the last.
 */
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

  /**
   * Where the greatest element lies along the middle axis of {@code x[outer, length, inner]}: an
   * int64 for each of y[outer, inner]. NaN is the greatest.
   *
   * @param length 1 or more
   * @param sign −1 looks for the smallest
   * @param lastOfEqual whether the last of equal ones is named, else the first
   */
  public static void argExtreme(
      DeviceQueue queue,
      float sign,
      boolean lastOfEqual,
      DeviceArray x,
      int outer,
      int length,
      int inner,
      DeviceArray y) {
    int last = lastOfEqual ? 1 : 0;
    if (inner == 1) {
      Launch.rows(
          queue,
          "arg_extreme_rows",
          outer,
          sign,
          last,
          outer,
          length,
          x.buffer(),
          x.offset(),
          y.buffer(),
          y.offset());
      return;
    }
    Launch.line(
        queue,
        "arg_extreme_columns",
        outer * inner,
        sign,
        last,
        outer,
        length,
        inner,
        x.buffer(),
        x.offset(),
        y.buffer(),
        y.offset());
  }
}
