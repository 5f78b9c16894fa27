package io.sparkonnx.engine.kernel;

/**
 * Max and average pooling of floats over planes {@code x[planes, spatial…]}, taps in row-major
 * order.
 */
public interface PoolKernel {
  /** Greatest tap inside the image; NaN wins. */
  void max(
      Window window,
      int planes,
      int[] spatial,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch);

  /**
   * Sum of the taps inside the image (one chain ascending from 0) divided by their number, or, with
   * {@code countIncludePad}, by the number of taps inside the padded image.
   */
  void average(
      Window window,
      boolean countIncludePad,
      int planes,
      int[] spatial,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch);
}
