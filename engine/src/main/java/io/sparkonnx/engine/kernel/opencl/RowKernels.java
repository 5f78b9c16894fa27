package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.kernel.ReduceFunction;

/** Reductions, softmax and normalisation along rows, as their contracts say. */
public final class RowKernels {
  private RowKernels() {}

  /** Reduces each row of {@code x[rows, length]} to {@code y[rows]}. */
  public static void reduceRows(
      DeviceQueue queue, ReduceFunction f, DeviceArray x, int rows, int length, DeviceArray y) {
    Launch.rows(
        queue,
        "reduce_rows",
        rows,
        f.ordinal(),
        rows,
        length,
        x.buffer(),
        x.offset(),
        y.buffer(),
        y.offset());
  }

  /** Reduces {@code x[outer, length, inner]} along its middle axis to {@code y[outer, inner]}. */
  public static void reduceColumns(
      DeviceQueue queue,
      ReduceFunction f,
      DeviceArray x,
      int outer,
      int length,
      int inner,
      DeviceArray y) {
    Launch.line(
        queue,
        "reduce_columns",
        outer * inner,
        f.ordinal(),
        outer,
        length,
        inner,
        x.buffer(),
        x.offset(),
        y.buffer(),
        y.offset());
  }

  /** Softmax of each row, or its logarithm; y may be x. */
  public static void softmax(
      DeviceQueue queue, boolean logarithm, DeviceArray x, int rows, int length, DeviceArray y) {
    Launch.rows(
        queue,
        "softmax",
        rows,
        logarithm ? 1 : 0,
        rows,
        length,
        x.buffer(),
        x.offset(),
        y.buffer(),
        y.offset());
  }

  /**
   * Normalises each row; y may be x.
   *
   * @param bias null for none
   * @param mean receives a value per row, or null; then {@code inverse} is null too
   */
  public static void layerNorm(
      DeviceQueue queue,
      DeviceArray x,
      int rows,
      int length,
      DeviceArray scale,
      DeviceArray bias,
      float epsilon,
      DeviceArray y,
      DeviceArray mean,
      DeviceArray inverse) {
    DeviceArray shift = bias == null ? scale : bias;
    DeviceArray first = mean == null ? y : mean;
    DeviceArray second = mean == null ? y : inverse;
    Launch.rows(
        queue,
        "layer_norm",
        rows,
        rows,
        length,
        x.buffer(),
        x.offset(),
        scale.buffer(),
        scale.offset(),
        bias == null ? 0 : 1,
        shift.buffer(),
        shift.offset(),
        epsilon,
        y.buffer(),
        y.offset(),
        mean == null ? 0 : 1,
        first.buffer(),
        first.offset(),
        second.buffer(),
        second.offset());
  }
}
