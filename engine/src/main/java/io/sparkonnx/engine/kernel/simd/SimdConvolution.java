package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Tiles.WIDTH;

import io.sparkonnx.engine.kernel.ConvolutionKernel;
import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.UnaryKernel;
import io.sparkonnx.engine.kernel.Window;

/**
 * {@link ConvolutionKernel} on the Vector API: a choice among {@link DepthwiseConvolution}, {@link
 * PlaneConvolution}, {@link InterleavedConvolution} for full vectors of small images, and, for a
 * window of one element without padding or stride, a product with the image in place.
 */
public final class SimdConvolution implements ConvolutionKernel {
  /** Elements of the image that are worked on at a time: some 3/8 of a 1 MiB second-level cache. */
  private static final int BLOCK_ELEMENTS = 96 * 1024;

  /** Pixels that make it worth while to multiply in place. */
  private static final int MIN_PIXELS = 4 * WIDTH;

  private final SimdEpilogue epilogues;
  private final DepthwiseConvolution depthwise;
  private final PlaneConvolution planes;
  private final InterleavedConvolution interleaved;

  /**
   * @param unary evaluates the epilogues' activations
   */
  public SimdConvolution(UnaryKernel unary) {
    this.epilogues = new SimdEpilogue(unary);
    this.depthwise = new DepthwiseConvolution(epilogues);
    this.planes = new PlaneConvolution(epilogues);
    this.interleaved = new InterleavedConvolution(epilogues);
  }

  @Override
  public Packed pack(
      Window window,
      int groups,
      int inputChannels,
      int outputChannels,
      float[] w,
      int wOffset,
      Epilogue epilogue,
      boolean pooled) {
    return ConvolutionWeights.pack(
        window, groups, inputChannels, outputChannels, w, wOffset, epilogue, pooled);
  }

  @Override
  public void run(
      Packed packed,
      int batch,
      int[] spatial,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch) {
    ConvolutionWeights weights = (ConvolutionWeights) packed;
    int outputPlane = outputPlane(weights.window(), spatial);
    if (resultPlane(weights, spatial) == 0) {
      return;
    }
    if (batch >= COUNT && InterleavedConvolution.suits(weights, spatial, scratch)) {
      int vectors = batch / COUNT;
      int images = vectors * COUNT;
      interleaved.run(weights, vectors, spatial, x, xOffset, y, yOffset, scratch);
      xOffset += images * weights.channels() * product(spatial);
      yOffset += images * weights.outputs() * resultPlane(weights, spatial);
      batch -= images;
    }
    boolean inPlace = weights.isPointwise() && outputPlane >= MIN_PIXELS;
    if (!weights.isDepthwise() && !inPlace) {
      planes.run(weights, batch, spatial, x, xOffset, y, yOffset, scratch);
    } else if (weights.pooled()) {
      runPooled(weights, batch, spatial, x, xOffset, y, yOffset, scratch);
    } else if (weights.isDepthwise()) {
      depthwise.run(weights, batch, spatial, x, xOffset, y, yOffset, scratch);
    } else {
      runInPlace(weights, batch, outputPlane, x, xOffset, y, yOffset, scratch);
    }
  }

  /** Convolves image by image into working memory, and pools that. */
  private void runPooled(
      ConvolutionWeights weights,
      int batch,
      int[] spatial,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch) {
    ConvolutionWeights unpooled = weights.unpooled();
    int image = weights.groups() * weights.channels() * product(spatial);
    int channels = weights.groups() * weights.outputs();
    int outputPlane = outputPlane(weights.window(), spatial);
    int rows = weights.window().outputLength(0, spatial[0]);
    float[] whole = scratch.floats(1, channels * outputPlane);
    int plane = resultPlane(weights, spatial);
    for (int i = 0; i < batch; i++) {
      run(unpooled, 1, spatial, x, xOffset + i * image, whole, 0, scratch);
      int to = yOffset + i * channels * plane;
      HalvedRows.planes(channels, rows, outputPlane / rows, whole, 0, y, to);
    }
  }

  private void runInPlace(
      ConvolutionWeights weights,
      int batch,
      int pixels,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch) {
    int k = weights.k();
    int outputs = weights.outputs();
    int[] steps = ColumnPanels.steps(scratch.ints(k), k, pixels);
    int block = Math.max(MIN_PIXELS, BLOCK_ELEMENTS / Math.max(1, k) / WIDTH * WIDTH);
    for (int part = 0; part < batch * weights.groups(); part++) {
      int group = part % weights.groups();
      int columns;
      for (int j = 0; j < pixels; j += columns) {
        columns = pixels - j < block + MIN_PIXELS ? pixels - j : block;
        int height;
        for (int o = 0; o < outputs; o += height) {
          height = Tiles.height(outputs - o);
          int from = xOffset + part * k * pixels + j;
          int to = yOffset + (part * outputs + o) * pixels + j;
          int panel = (group * outputs + o) * k;
          Strips.overRows(
              height, columns, k, weights.panels(), panel, x, from, steps, y, to, pixels);
          if (!SimdEpilogue.isIdentity(weights.epilogue())) {
            for (int i = 0; i < height; i++) {
              BiasAxis axis = weights.epilogue().biasAxis();
              int row = group * outputs + o + i;
              epilogues.apply(weights.epilogue(), axis, row, 0, y, to + i * pixels, columns);
            }
          }
        }
      }
    }
  }

  /** Elements of a channel of the result. */
  static int resultPlane(ConvolutionWeights weights, int[] spatial) {
    Window window = weights.window();
    if (!weights.pooled()) {
      return outputPlane(window, spatial);
    }
    return window.outputLength(0, spatial[0]) / 2 * (window.outputLength(1, spatial[1]) / 2);
  }

  static int outputPlane(Window window, int[] spatial) {
    int plane = 1;
    for (int axis = 0; axis < spatial.length; axis++) {
      plane = Math.multiplyExact(plane, window.outputLength(axis, spatial[axis]));
    }
    return plane;
  }

  static int product(int[] lengths) {
    int product = 1;
    for (int length : lengths) {
      product = Math.multiplyExact(product, length);
    }
    return product;
  }
}
