package io.sparkonnx.engine.kernel.scalar;

import io.sparkonnx.engine.kernel.Window;

/** Index arithmetic of windows over row-major planes with any number of spatial axes. */
final class Spatial {
  private Spatial() {}

  static int product(int[] lengths) {
    int product = 1;
    for (int length : lengths) {
      product = Math.multiplyExact(product, length);
    }
    return product;
  }

  static int[] outputLengths(Window window, int[] spatial) {
    int[] lengths = new int[spatial.length];
    for (int axis = 0; axis < lengths.length; axis++) {
      lengths[axis] = window.outputLength(axis, spatial[axis]);
    }
    return lengths;
  }

  /**
   * Coordinates of the first tap of output element {@code index}; negative inside leading padding.
   */
  static void windowStart(Window window, int[] outputSpatial, int index, int[] start) {
    int rest = index;
    for (int axis = start.length - 1; axis >= 0; axis--) {
      int coordinate = rest % outputSpatial[axis];
      rest /= outputSpatial[axis];
      start[axis] = coordinate * window.stride()[axis] - window.padBegin()[axis];
    }
  }

  /**
   * Index within its plane of a tap of the window at {@code start}, or −1 where it lies outside.
   */
  static int tapIndex(Window window, int[] spatial, int[] start, int tap) {
    int rest = tap;
    int index = 0;
    int step = 1;
    for (int axis = start.length - 1; axis >= 0; axis--) {
      int kernel = window.kernel()[axis];
      int coordinate = start[axis] + rest % kernel * window.dilation()[axis];
      rest /= kernel;
      if (coordinate < 0 || coordinate >= spatial[axis]) {
        return -1;
      }
      index += coordinate * step;
      step *= spatial[axis];
    }
    return index;
  }

  /**
   * Lists the taps of the window at {@code start} that lie inside the plane, in row-major order.
   *
   * @param indices receives the taps' indices within the plane
   * @return how many there are
   */
  static int tapsInside(Window window, int[] spatial, int[] start, int[] indices) {
    int count = 0;
    for (int tap = 0; tap < indices.length; tap++) {
      int index = tapIndex(window, spatial, start, tap);
      if (index >= 0) {
        indices[count++] = index;
      }
    }
    return count;
  }

  /** Number of taps of the window at {@code start} that lie inside the padded plane. */
  static int tapsInPaddedPlane(Window window, int[] spatial, int[] start) {
    int taps = 1;
    for (int axis = 0; axis < start.length; axis++) {
      int end = spatial[axis] + window.padEnd()[axis];
      int dilation = window.dilation()[axis];
      int room = Math.max(0, (end - start[axis] + dilation - 1) / dilation);
      taps *= Math.min(window.kernel()[axis], room);
    }
    return taps;
  }
}
