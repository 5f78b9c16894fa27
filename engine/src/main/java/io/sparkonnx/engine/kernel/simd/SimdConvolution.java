package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Tiles.WIDTH;

import io.sparkonnx.engine.kernel.ConvolutionKernel;
import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.UnaryKernel;
import io.sparkonnx.engine.kernel.Window;
import java.util.Arrays;

/**
 * {@link ConvolutionKernel} on the Vector API: weights times patches, where vectors run over output
 * pixels. Patches are never built: in {@link PaddedPlanes} every row of the patch matrix is the
 * image itself from some offset on, which {@link Tiles} takes as steps. A window of one element
 * without padding or stride is multiplied with the image in place.
 */
public final class SimdConvolution implements ConvolutionKernel {
  /** Elements of the image that are worked on at a time: some 3/8 of a 1 MiB second-level cache. */
  private static final int BLOCK_ELEMENTS = 96 * 1024;

  /** Pixels that are worked on at a time; their strip of outputs stays in the cache too. */
  private static final int BLOCK_PIXELS = 64 * WIDTH;

  /** Pixels that make it worth while to multiply, whatever the cache can hold. */
  private static final int MIN_PIXELS = 4 * WIDTH;

  private final SimdEpilogue epilogues;
  private final DepthwiseConvolution depthwise;

  /**
   * @param unary evaluates the epilogues' activations
   */
  public SimdConvolution(UnaryKernel unary) {
    this.epilogues = new SimdEpilogue(unary);
    this.depthwise = new DepthwiseConvolution(epilogues);
  }

  /**
   * Weights: in row panels, group after group; as they were where groups have one channel.
   *
   * @param channels input channels per group
   * @param outputs output channels per group
   */
  private record Weights(
      Window window,
      int groups,
      int channels,
      int outputs,
      int taps,
      float[] panels,
      Epilogue epilogue)
      implements Packed {
    @Override
    public long bytes() {
      return 4L * panels.length;
    }

    int k() {
      return channels * taps;
    }

    boolean isPointwise() {
      return taps == 1
          && Arrays.stream(window.stride()).allMatch(s -> s == 1)
          && Arrays.stream(window.padBegin()).allMatch(p -> p == 0)
          && Arrays.stream(window.padEnd()).allMatch(p -> p == 0);
    }
  }

  @Override
  public Packed pack(
      Window window,
      int groups,
      int inputChannels,
      int outputChannels,
      float[] w,
      int wOffset,
      Epilogue epilogue) {
    int channels = inputChannels / groups;
    int outputs = outputChannels / groups;
    int taps = product(window.kernel());
    int k = channels * taps;
    float[] panels = new float[outputChannels * k];
    if (channels == 1) {
      System.arraycopy(w, wOffset, panels, 0, panels.length);
    } else {
      for (int group = 0; group < groups; group++) {
        int from = group * outputs * k;
        RowPanels.pack(outputs, k, w, wOffset + from, k, 1, panels, from);
      }
    }
    return new Weights(window, groups, channels, outputs, taps, panels, epilogue);
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
    Weights weights = (Weights) packed;
    Window window = weights.window;
    int outputPlane = outputPlane(window, spatial);
    if (outputPlane == 0) {
      return;
    }
    if (weights.channels == 1) {
      depthwise.run(
          window,
          weights.groups,
          weights.outputs,
          weights.panels,
          weights.epilogue,
          batch,
          spatial,
          x,
          xOffset,
          y,
          yOffset,
          scratch);
      return;
    }
    if (weights.isPointwise() && outputPlane >= MIN_PIXELS) {
      runInPlace(weights, batch, outputPlane, x, xOffset, y, yOffset, scratch);
      return;
    }
    int slabs = window.outputLength(0, spatial[0]);
    long image = weights.channels * PaddedPlanes.elements(window, spatial, slabs);
    int rowPixels = outputPlane / slabs;
    int rows = slabs;
    if (image > BLOCK_ELEMENTS || outputPlane > BLOCK_PIXELS) {
      long row = weights.channels * PaddedPlanes.elements(window, spatial, 1);
      long perRow = Math.max(1, (image - row) / Math.max(1, slabs - 1));
      long fitting =
          Math.min((BLOCK_ELEMENTS - row) / perRow, BLOCK_PIXELS / Math.max(1, rowPixels));
      int least = (MIN_PIXELS + rowPixels - 1) / Math.max(1, rowPixels);
      rows = (int) Math.min(slabs, Math.max(least, fitting));
    }
    if (rows < slabs) {
      for (int first = 0; first < slabs; first += rows) {
        int count = Math.min(rows, slabs - first);
        PaddedPlanes planes = new PaddedPlanes(window, spatial, first, count, 1);
        for (int i = 0; i < batch; i++) {
          run(
              weights,
              planes,
              i,
              1,
              product(spatial),
              outputPlane,
              x,
              xOffset,
              y,
              yOffset + first * rowPixels,
              scratch);
        }
      }
    } else {
      int together =
          (int) Math.max(1, Math.min(BLOCK_ELEMENTS / image, BLOCK_PIXELS / outputPlane));
      for (int i = 0; i < batch; i += together) {
        int images = Math.min(together, batch - i);
        PaddedPlanes planes = new PaddedPlanes(window, spatial, 0, slabs, images);
        run(
            weights,
            planes,
            i,
            images,
            product(spatial),
            outputPlane,
            x,
            xOffset,
            y,
            yOffset,
            scratch);
      }
    }
  }

  /** Some images, or a slab of one. */
  private void run(
      Weights weights,
      PaddedPlanes planes,
      int firstImage,
      int images,
      int inputPlane,
      int outputPlane,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch) {
    int k = weights.k();
    int channels = weights.channels;
    int outputs = weights.outputs;
    int columns = (planes.count() + COUNT - 1) / COUNT * COUNT;
    int[] steps = scratch.ints(k);
    planes.tapOffsets(channels, steps);
    float[] copy = scratch.floats(0, channels * planes.channelStride());
    float[] strip = scratch.floats(2, Tiles.MAX_HEIGHT * columns);
    for (int group = 0; group < weights.groups; group++) {
      for (int image = 0; image < images; image++) {
        int from =
            xOffset + ((firstImage + image) * weights.groups + group) * channels * inputPlane;
        for (int channel = 0; channel < channels; channel++) {
          planes.copy(
              x, from + channel * inputPlane, image, 0f, copy, channel * planes.channelStride());
        }
      }
      int height;
      for (int o = 0; o < outputs; o += height) {
        height = Tiles.height(outputs - o);
        int panel = (group * outputs + o) * k;
        Strips.overPanels(
            height,
            columns,
            k,
            weights.panels,
            panel,
            copy,
            0,
            WIDTH,
            steps,
            true,
            strip,
            0,
            columns,
            strip);
        for (int i = 0; i < height; i++) {
          int row = group * outputs + o + i;
          int from = i * columns;
          if (!SimdEpilogue.isIdentity(weights.epilogue)) {
            epilogues.apply(
                weights.epilogue, weights.epilogue.biasAxis(), row, 0, strip, from, planes.count());
          }
          for (int image = 0; image < images; image++) {
            int channel = (firstImage + image) * weights.groups * outputs + row;
            planes.scatter(strip, from, image, y, yOffset + channel * outputPlane);
          }
        }
      }
    }
  }

  private void runInPlace(
      Weights weights,
      int batch,
      int pixels,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch) {
    int k = weights.k();
    int outputs = weights.outputs;
    int[] steps = ColumnPanels.steps(scratch.ints(k), k, pixels);
    int block = Math.max(MIN_PIXELS, BLOCK_ELEMENTS / k / WIDTH * WIDTH);
    for (int part = 0; part < batch * weights.groups; part++) {
      int group = part % weights.groups;
      int columns;
      for (int j = 0; j < pixels; j += columns) {
        columns = pixels - j < block + MIN_PIXELS ? pixels - j : block;
        int height;
        for (int o = 0; o < outputs; o += height) {
          height = Tiles.height(outputs - o);
          int from = xOffset + part * k * pixels + j;
          int to = yOffset + (part * outputs + o) * pixels + j;
          int panel = (group * outputs + o) * k;
          Strips.overRows(height, columns, k, weights.panels, panel, x, from, steps, y, to, pixels);
          if (!SimdEpilogue.isIdentity(weights.epilogue)) {
            for (int i = 0; i < height; i++) {
              BiasAxis axis = weights.epilogue.biasAxis();
              int row = group * outputs + o + i;
              epilogues.apply(weights.epilogue, axis, row, 0, y, to + i * pixels, columns);
            }
          }
        }
      }
    }
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
