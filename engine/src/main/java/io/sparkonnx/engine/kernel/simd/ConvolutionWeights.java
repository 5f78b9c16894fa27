package io.sparkonnx.engine.kernel.simd;

import io.sparkonnx.engine.kernel.ConvolutionKernel;
import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.Window;

/**
 * A packed convolution: weights in row panels, group after group; as they were where {@link
 * #isDepthwise}.
 *
 * @param channels input channels per group
 * @param outputs output channels per group
 * @param taps elements of the window
 * @param pooled whether 2×2 max pooling follows
 */
record ConvolutionWeights(
    Window window,
    int groups,
    int channels,
    int outputs,
    int taps,
    float[] panels,
    Epilogue epilogue,
    boolean pooled)
    implements ConvolutionKernel.Packed {

  /** Output channels that make a matrix product of a convolution of one channel. */
  private static final int PRODUCT_OUTPUTS = 4;

  static ConvolutionWeights pack(
      Window window,
      int groups,
      int inputChannels,
      int outputChannels,
      float[] w,
      int wOffset,
      Epilogue epilogue,
      boolean pooled) {
    int channels = inputChannels / groups;
    int outputs = outputChannels / groups;
    int taps = SimdConvolution.product(window.kernel());
    int k = channels * taps;
    float[] panels = new float[outputChannels * k];
    ConvolutionWeights packed =
        new ConvolutionWeights(window, groups, channels, outputs, taps, panels, epilogue, pooled);
    if (packed.isDepthwise()) {
      System.arraycopy(w, wOffset, panels, 0, panels.length);
    } else {
      for (int group = 0; group < groups; group++) {
        int from = group * outputs * k;
        RowPanels.pack(outputs, k, w, wOffset + from, k, 1, panels, from);
      }
    }
    return packed;
  }

  /** The same convolution without the pooling. */
  ConvolutionWeights unpooled() {
    return new ConvolutionWeights(window, groups, channels, outputs, taps, panels, epilogue, false);
  }

  @Override
  public long bytes() {
    return (long) Float.BYTES * panels.length;
  }

  /** Length of the dot products. */
  int k() {
    return channels * taps;
  }

  /** Whether groups have one input channel and few output channels. */
  boolean isDepthwise() {
    return channels == 1 && outputs < PRODUCT_OUTPUTS;
  }

  /** Whether patches are the image itself. */
  boolean isPointwise() {
    return taps == 1
        && Window.areAll(window.stride(), 1)
        && Window.areAll(window.padBegin(), 0)
        && Window.areAll(window.padEnd(), 0);
  }

  /**
   * Whether the epilogue gives the same bits after pooling: sums with finite numbers and ReLU keep
   * the order of numbers, and NaN.
   */
  boolean poolsFirst() {
    if (epilogue.scale() != 1f
        || (epilogue.activation() != null && epilogue.activation() != UnaryFunction.RELU)) {
      return false;
    }
    if (epilogue.biasAxis() == BiasAxis.NONE) {
      return true;
    }
    for (float bias : epilogue.bias()) {
      if (!Float.isFinite(bias)) {
        return false;
      }
    }
    return true;
  }
}
