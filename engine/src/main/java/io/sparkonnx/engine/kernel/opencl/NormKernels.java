package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.DeviceQueue;

/** Normalisations of images and vectors. */
public final class NormKernels {
  private NormKernels() {}

  /**
   * Gives each row of {@code x[rows, length]} mean 0 and variance 1, then each element its
   * channel's factor and summand.
   *
   * @param channels elements of scale and bias
   * @param run neighbouring elements of one channel
   */
  public static void group(
      DeviceQueue queue,
      DeviceArray x,
      int rows,
      int length,
      int channels,
      int run,
      DeviceArray scale,
      DeviceArray bias,
      float epsilon,
      DeviceArray y) {
    Launch.rows(
        queue,
        "group_norm",
        rows,
        rows,
        length,
        channels,
        run,
        x.buffer(),
        x.offset(),
        scale.buffer(),
        scale.offset(),
        bias.buffer(),
        bias.offset(),
        epsilon,
        y.buffer(),
        y.offset());
  }

  /** y = x / √(mean of x² + epsilon) · scale for each row of {@code x[rows, length]}. */
  public static void rootMeanSquare(
      DeviceQueue queue,
      DeviceArray x,
      int rows,
      int length,
      DeviceArray scale,
      float epsilon,
      DeviceArray y) {
    Launch.rows(
        queue,
        "rms_norm",
        rows,
        rows,
        length,
        x.buffer(),
        x.offset(),
        scale.buffer(),
        scale.offset(),
        epsilon,
        y.buffer(),
        y.offset());
  }

  /**
   * y = x / (summand + factor · Σx²)^exponent over {@code x[images, channels, plane]}; the sum runs
   * over the channels from {@code before} before an element's own to {@code behind} behind it. Goes
   * through doubles.
   */
  public static void response(
      DeviceQueue queue,
      DeviceArray x,
      int images,
      int channels,
      int plane,
      int before,
      int behind,
      float factor,
      float exponent,
      float summand,
      DeviceArray y) {
    int length = images * channels * plane;
    Launch.line(
        queue,
        "response_norm",
        length,
        channels,
        plane,
        before,
        behind,
        factor,
        exponent,
        summand,
        x.buffer(),
        x.offset(),
        y.buffer(),
        y.offset(),
        length);
  }

  /**
   * Divides the vectors along the middle axis of {@code x[outer, length, inner]} by their norms,
   * summed ascending in doubles; a vector of norm 0 becomes 0.
   *
   * @param power 1 or 2
   */
  public static void vectors(
      DeviceQueue queue,
      int power,
      DeviceArray x,
      int outer,
      int length,
      int inner,
      DeviceArray y) {
    Launch.line(
        queue,
        "lp_norm",
        outer * inner,
        power,
        outer,
        length,
        inner,
        x.buffer(),
        x.offset(),
        y.buffer(),
        y.offset());
  }

  /**
   * Factor and summand per channel of a batch normalisation, in doubles and rounded once: scale /
   * √(variance + epsilon) and bias − mean · factor.
   */
  public static void statistics(
      DeviceQueue queue,
      int channels,
      float epsilon,
      DeviceArray scale,
      DeviceArray bias,
      DeviceArray mean,
      DeviceArray variance,
      DeviceArray factor,
      DeviceArray summand) {
    Launch.line(
        queue,
        "batch_statistics",
        channels,
        channels,
        epsilon,
        scale.buffer(),
        scale.offset(),
        bias.buffer(),
        bias.offset(),
        mean.buffer(),
        mean.offset(),
        variance.buffer(),
        variance.offset(),
        factor.buffer(),
        factor.offset(),
        summand.buffer(),
        summand.offset());
  }
}
