package io.sparkonnx.engine.kernel;

/**
 * Convolution of floats, row-major N, C, spatial…: every output element is one chain of fma from 0,
 * ascending over (channel within the group, taps in row-major order), padding counted as zeros,
 * then the epilogue with one bias per output channel ({@link Epilogue.BiasAxis#ROW}).
 */
public interface ConvolutionKernel {
  /** A convolution with its weights packed and its algorithm chosen. Immutable, shared. */
  interface Packed {
    /** Bytes held. */
    long bytes();
  }

  /**
   * Packs weights {@code w[outputChannels, inputChannels/groups, kernel…]} from {@code wOffset}.
   * The algorithm depends only on these arguments and on the image size given at run time, never on
   * the batch.
   *
   * @param pooled whether the finished result is max pooled by windows of 2×2 side by side, a last
   *     odd row or column left out; needs two spatial axes
   */
  Packed pack(
      Window window,
      int groups,
      int inputChannels,
      int outputChannels,
      float[] w,
      int wOffset,
      Epilogue epilogue,
      boolean pooled);

  /**
   * Convolves {@code x[batch, inputChannels, spatial…]} into {@code y[batch, outputChannels,
   * outputSpatial…]}, both contiguous; pooled results have half the lengths, rounded down.
   *
   * @param spatial input lengths of the spatial axes
   */
  void run(
      Packed packed,
      int batch,
      int[] spatial,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch);
}
