package io.sparkonnx.engine.kernel.scalar;

import io.sparkonnx.engine.kernel.ConvolutionKernel;
import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.UnaryKernel;
import io.sparkonnx.engine.kernel.Window;
import java.util.Arrays;

/**
 * {@link ConvolutionKernel} in plain Java, for any number of spatial axes: the patches of a few
 * neighbouring output pixels are gathered into a panel, with zeros for padding, which every output
 * channel's weights are multiplied with.
 */
public final class ScalarConvolution implements ConvolutionKernel {
  private static final int WIDTH = ScalarGemm.WIDTH;

  private final ScalarEpilogue epilogues;

  /**
   * @param unary evaluates the epilogues' activations
   */
  public ScalarConvolution(UnaryKernel unary) {
    this.epilogues = new ScalarEpilogue(unary);
  }

  private record Weights(
      Window window,
      int groups,
      int inputChannels,
      int outputChannels,
      float[] values,
      Epilogue epilogue,
      boolean pooled)
      implements Packed {
    @Override
    public long bytes() {
      return 4L * values.length;
    }

    int taps() {
      return Spatial.product(window.kernel());
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
      Epilogue epilogue,
      boolean pooled) {
    int length = outputChannels * (inputChannels / groups) * Spatial.product(window.kernel());
    float[] values = Arrays.copyOfRange(w, wOffset, wOffset + length);
    return new Weights(window, groups, inputChannels, outputChannels, values, epilogue, pooled);
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
    int[] outputSpatial = Spatial.outputLengths(weights.window(), spatial);
    if (!weights.pooled()) {
      convolve(weights, batch, spatial, outputSpatial, x, xOffset, y, yOffset, scratch);
      return;
    }
    int image = weights.inputChannels() * Spatial.product(spatial);
    int planes = weights.outputChannels();
    int pooledPlane = outputSpatial[0] / 2 * (outputSpatial[1] / 2);
    float[] whole = scratch.floats(1, planes * Spatial.product(outputSpatial));
    for (int i = 0; i < batch; i++) {
      convolve(weights, 1, spatial, outputSpatial, x, xOffset + i * image, whole, 0, scratch);
      int to = yOffset + i * planes * pooledPlane;
      ScalarPool.halve(planes, outputSpatial[0], outputSpatial[1], whole, y, to);
    }
  }

  private void convolve(
      Weights weights,
      int batch,
      int[] spatial,
      int[] outputSpatial,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch) {
    int inputPlane = Spatial.product(spatial);
    int outputPlane = Spatial.product(outputSpatial);
    int groups = weights.groups();
    int channels = weights.inputChannels() / groups;
    int outputs = weights.outputChannels() / groups;
    int k = channels * weights.taps();
    float[] panel = scratch.floats(0, k * WIDTH);
    float[] sums = new float[WIDTH];
    int[] corner = new int[spatial.length];
    for (int image = 0; image < batch; image++) {
      for (int group = 0; group < groups; group++) {
        int from = xOffset + (image * groups + group) * channels * inputPlane;
        int to = yOffset + (image * groups + group) * outputs * outputPlane;
        for (int pixel = 0; pixel < outputPlane; pixel += WIDTH) {
          int pixels = Math.min(WIDTH, outputPlane - pixel);
          for (int lane = 0; lane < pixels; lane++) {
            Spatial.windowStart(weights.window(), outputSpatial, pixel + lane, corner);
            gather(weights.window(), channels, spatial, corner, x, from, panel, lane);
          }
          for (int o = 0; o < outputs; o++) {
            ScalarGemm.dots(weights.values(), (group * outputs + o) * k, 1, k, panel, 0, sums);
            System.arraycopy(sums, 0, y, to + o * outputPlane + pixel, pixels);
          }
        }
        for (int o = 0; o < outputs; o++) {
          int row = group * outputs + o;
          epilogues.applyToRow(weights.epilogue(), row, y, to + o * outputPlane, outputPlane);
        }
      }
    }
  }

  /** Writes the patch at {@code corner} into one lane of the panel. */
  private static void gather(
      Window window,
      int channels,
      int[] spatial,
      int[] corner,
      float[] x,
      int xOffset,
      float[] panel,
      int lane) {
    int taps = Spatial.product(window.kernel());
    int plane = Spatial.product(spatial);
    for (int tap = 0; tap < taps; tap++) {
      int at = Spatial.tapIndex(window, spatial, corner, tap);
      for (int channel = 0; channel < channels; channel++) {
        float value = at < 0 ? 0f : x[xOffset + channel * plane + at];
        panel[(channel * taps + tap) * WIDTH + lane] = value;
      }
    }
  }
}
