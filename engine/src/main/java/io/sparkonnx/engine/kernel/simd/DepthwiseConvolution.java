package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.Window;
import java.util.Arrays;

/**
 * Convolution whose groups have one input channel: no matrix product, the bounds are memory and
 * loads. Vectors run over the outputs of one channel.
 */
final class DepthwiseConvolution {
  /** Elements of one channel of several small images that are worked on at a time. */
  private static final int BLOCK_ELEMENTS = 8 * 1024;

  private final SimdEpilogue epilogues;

  DepthwiseConvolution(SimdEpilogue epilogues) {
    this.epilogues = epilogues;
  }

  /**
   * Whether {@link DepthwiseThree} applies: 3×3 taps side by side, and rows of a vector or more.
   */
  private static boolean walksRows(Window window, int outputColumns) {
    return window.rank() == 2
        && Arrays.stream(window.kernel()).allMatch(k -> k == 3)
        && window.stride()[0] == 1
        && window.stride()[1] == 1
        && window.dilation()[0] == 1
        && outputColumns >= COUNT;
  }

  /**
   * Convolves.
   *
   * @param outputs output channels per input channel
   * @param w weights {@code [groups·outputs, taps]}
   */
  void run(
      Window window,
      int groups,
      int outputs,
      float[] w,
      Epilogue epilogue,
      int batch,
      int[] spatial,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch) {
    int taps = SimdConvolution.product(window.kernel());
    int inputPlane = SimdConvolution.product(spatial);
    int outputPlane = SimdConvolution.outputPlane(window, spatial);
    int rows = window.outputLength(0, spatial[0]);
    int columns = outputPlane / rows;
    boolean walksRows = walksRows(window, columns);
    long elements = PaddedPlanes.elements(window, spatial, rows);
    int together = walksRows ? 1 : (int) Math.max(1, BLOCK_ELEMENTS / elements);
    int[] steps = scratch.ints(taps);
    for (int first = 0; first < batch; first += together) {
      int images = Math.min(together, batch - first);
      PaddedPlanes planes = new PaddedPlanes(window, spatial, 0, rows, images);
      planes.tapOffsets(1, steps);
      float[] copy = scratch.floats(0, planes.channelStride());
      float[] results = scratch.floats(2, planes.count() + COUNT);
      for (int group = 0; group < groups; group++) {
        for (int i = 0; i < images; i++) {
          int from = xOffset + ((first + i) * groups + group) * inputPlane;
          planes.copy(x, from, i, 0f, copy, 0);
        }
        for (int channel = group * outputs; channel < (group + 1) * outputs; channel++) {
          int to = yOffset + (first * groups * outputs + channel) * outputPlane;
          if (walksRows) {
            DepthwiseThree.plane(
                rows, columns, w, channel * taps, copy, 0, steps[3], steps, y, to, columns);
          } else {
            TapLoops.weighted(taps, w, channel * taps, copy, 0, steps, results, 0, planes.count());
            for (int i = 0; i < images; i++) {
              planes.scatter(results, 0, i, y, to + i * groups * outputs * outputPlane);
            }
          }
          for (int i = 0; i < images; i++) {
            int at = to + i * groups * outputs * outputPlane;
            epilogues.apply(epilogue, epilogue.biasAxis(), channel, 0, y, at, outputPlane);
          }
        }
      }
    }
  }
}
