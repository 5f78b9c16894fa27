package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.Window;

/**
 * Convolution whose groups have one input channel and few output channels: no matrix product, the
 * bounds are memory and loads. Vectors run over the outputs of one channel.
 */
final class DepthwiseConvolution {
  private final SimdEpilogue epilogues;

  DepthwiseConvolution(SimdEpilogue epilogues) {
    this.epilogues = epilogues;
  }

  /**
   * Whether {@link DepthwiseThree} applies: 3×3 taps side by side, and rows of a vector or more.
   */
  private static boolean walksRows(Window window, int outputColumns) {
    return window.rank() == 2
        && window.kernel()[0] == 3
        && window.kernel()[1] == 3
        && window.stride()[0] == 1
        && window.stride()[1] == 1
        && window.dilation()[0] == 1
        && outputColumns >= COUNT;
  }

  void run(
      ConvolutionWeights weights,
      int batch,
      int[] spatial,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch) {
    Window window = weights.window();
    Epilogue epilogue = weights.epilogue();
    int groups = weights.groups();
    int outputs = weights.outputs();
    float[] w = weights.panels();
    int taps = weights.taps();
    int inputPlane = SimdConvolution.product(spatial);
    int outputPlane = SimdConvolution.outputPlane(window, spatial);
    int rows = window.outputLength(0, spatial[0]);
    int columns = outputPlane / rows;
    boolean walksRows = walksRows(window, columns);
    int[] steps = scratch.ints(taps);
    PaddedPlanes planes = PlaneLayouts.of(window, spatial, 0, rows, 1, scratch);
    planes.tapOffsets(1, steps);
    float[] copy = scratch.floats(0, planes.channelStride());
    float[] results = scratch.floats(2, planes.count() + COUNT);
    for (int plane = 0; plane < batch * groups; plane++) {
      planes.copy(x, xOffset + plane * inputPlane, 0, 0f, copy, 0);
      for (int output = 0; output < outputs; output++) {
        int channel = plane % groups * outputs + output;
        int to = yOffset + (plane * outputs + output) * outputPlane;
        if (walksRows) {
          DepthwiseThree.plane(
              rows, columns, w, channel * taps, copy, 0, steps[3], steps, y, to, columns);
        } else {
          TapLoops.weighted(taps, w, channel * taps, copy, 0, steps, results, 0, planes.count());
          planes.scatter(results, 0, 0, y, to);
        }
        epilogues.apply(epilogue, epilogue.biasAxis(), channel, 0, y, to, outputPlane);
      }
    }
  }
}
