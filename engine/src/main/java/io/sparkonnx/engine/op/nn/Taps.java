package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.kernel.Window;

/** Where the taps of a window lie in one plane, for evaluations without a kernel. */
final class Taps {
  private final Window window;
  private final int[] input;
  private final int[] output;
  private final int[] start;

  /**
   * @param spatial lengths of the plane's axes
   */
  Taps(Window window, int[] spatial) {
    this.window = window;
    this.input = spatial;
    this.output = new int[spatial.length];
    this.start = new int[spatial.length];
    for (int axis = 0; axis < spatial.length; axis++) {
      output[axis] = window.outputLength(axis, spatial[axis]);
    }
  }

  static int product(int... lengths) {
    int product = 1;
    for (int length : lengths) {
      product = Math.multiplyExact(product, length);
    }
    return product;
  }

  int count() {
    return product(window.kernel());
  }

  int inputPlane() {
    return product(input);
  }

  int outputPlane() {
    return product(output);
  }

  /**
   * Writes, for each tap of the window of output element {@code index}, its index in the plane, or
   * −1 where it lies outside.
   */
  void locate(int index, int[] indices) {
    moveTo(index);
    for (int tap = 0; tap < indices.length; tap++) {
      indices[tap] = locateTap(tap);
    }
  }

  private void moveTo(int index) {
    int rest = index;
    for (int axis = start.length - 1; axis >= 0; axis--) {
      start[axis] = rest % output[axis] * window.stride()[axis] - window.padBegin()[axis];
      rest /= output[axis];
    }
  }

  private int locateTap(int tap) {
    int rest = tap;
    int index = 0;
    int step = 1;
    for (int axis = start.length - 1; axis >= 0; axis--) {
      int size = window.kernel()[axis];
      int at = start[axis] + rest % size * window.dilation()[axis];
      if (at < 0 || at >= input[axis]) {
        return -1;
      }
      index += at * step;
      step *= input[axis];
      rest /= size;
    }
    return index;
  }

  /** Number of taps of the window of output element {@code index} inside the padded plane. */
  int inPaddedPlane(int index) {
    moveTo(index);
    int count = 1;
    for (int axis = 0; axis < start.length; axis++) {
      int room = input[axis] + window.padEnd()[axis] - start[axis];
      int fitting = (room + window.dilation()[axis] - 1) / window.dilation()[axis];
      count *= Math.min(window.kernel()[axis], fitting);
    }
    return count;
  }
}
