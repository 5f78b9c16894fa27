package io.sparkonnx.engine.kernel.scalar;

import io.sparkonnx.engine.kernel.PoolKernel;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.Window;

/** {@link PoolKernel} in plain Java, for any number of spatial axes. */
public final class ScalarPool implements PoolKernel {
  @Override
  public void max(
      Window window,
      int planes,
      int[] spatial,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch) {
    int[] outputSpatial = Spatial.outputLengths(window, spatial);
    int inputPlane = Spatial.product(spatial);
    int outputPlane = Spatial.product(outputSpatial);
    int[] inside = new int[Spatial.product(window.kernel())];
    int[] start = new int[spatial.length];
    for (int out = 0; out < outputPlane; out++) {
      Spatial.windowStart(window, outputSpatial, out, start);
      int taps = Spatial.tapsInside(window, spatial, start, inside);
      for (int plane = 0; plane < planes; plane++) {
        int from = xOffset + plane * inputPlane;
        float greatest = Float.NEGATIVE_INFINITY;
        for (int tap = 0; tap < taps; tap++) {
          greatest = Math.max(greatest, x[from + inside[tap]]);
        }
        y[yOffset + plane * outputPlane + out] = greatest;
      }
    }
  }

  @Override
  public void average(
      Window window,
      boolean countIncludePad,
      int planes,
      int[] spatial,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      Scratch scratch) {
    int[] outputSpatial = Spatial.outputLengths(window, spatial);
    int inputPlane = Spatial.product(spatial);
    int outputPlane = Spatial.product(outputSpatial);
    int[] inside = new int[Spatial.product(window.kernel())];
    int[] start = new int[spatial.length];
    for (int out = 0; out < outputPlane; out++) {
      Spatial.windowStart(window, outputSpatial, out, start);
      int taps = Spatial.tapsInside(window, spatial, start, inside);
      float count = countIncludePad ? Spatial.tapsInPaddedPlane(window, spatial, start) : taps;
      for (int plane = 0; plane < planes; plane++) {
        int from = xOffset + plane * inputPlane;
        float sum = 0f;
        for (int tap = 0; tap < taps; tap++) {
          sum += x[from + inside[tap]];
        }
        y[yOffset + plane * outputPlane + out] = sum / count;
      }
    }
  }

  /**
   * Greatest of every 2×2 elements of {@code x[planes, rows, columns]}; an odd rest is left out.
   */
  static void halve(int planes, int rows, int columns, float[] x, float[] y, int yOffset) {
    int to = yOffset;
    for (int plane = 0; plane < planes; plane++) {
      for (int row = 0; row + 1 < rows; row += 2) {
        int above = (plane * rows + row) * columns;
        int below = above + columns;
        for (int j = 0; j + 1 < columns; j += 2) {
          float upper = Math.max(x[above + j], x[above + j + 1]);
          y[to++] = Math.max(upper, Math.max(x[below + j], x[below + j + 1]));
        }
      }
    }
  }
}
