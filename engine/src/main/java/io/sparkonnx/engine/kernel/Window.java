package io.sparkonnx.engine.kernel;

/**
 * A sliding window over spatial axes, as convolution and pooling use it. Arrays have one element
 * per spatial axis, outermost first; none may be changed.
 *
 * @param kernel window size
 * @param stride step between windows
 * @param dilation distance between taps
 * @param padBegin padding before the first element
 * @param padEnd padding after the last element
 * @param ceil whether the last, partial window counts
 */
public record Window(
    int[] kernel, int[] stride, int[] dilation, int[] padBegin, int[] padEnd, boolean ceil) {

  public int rank() {
    return kernel.length;
  }

  /** Whether windows are 2×2, side by side over a plane, and inside it. */
  public boolean isHalving() {
    return rank() == 2
        && !ceil
        && areAll(kernel, 2)
        && areAll(stride, 2)
        && areAll(dilation, 1)
        && areAll(padBegin, 0)
        && areAll(padEnd, 0);
  }

  /** Whether every element is {@code value}. */
  public static boolean areAll(int[] elements, int value) {
    for (int element : elements) {
      if (element != value) {
        return false;
      }
    }
    return true;
  }

  /** Distance from the first to the last tap of a window along an axis, plus one. */
  public int extent(int axis) {
    return (kernel[axis] - 1) * dilation[axis] + 1;
  }

  /**
   * Output length along an axis for an input of {@code length}: the number of windows that start
   * inside the input or its leading padding (ONNX operators Conv, MaxPool).
   */
  public int outputLength(int axis, int length) {
    int span = length + padBegin[axis] + padEnd[axis] - extent(axis);
    if (span < 0) {
      return 0;
    }
    int steps = ceil ? (span + stride[axis] - 1) / stride[axis] : span / stride[axis];
    if (ceil && steps * stride[axis] >= length + padBegin[axis]) {
      steps--;
    }
    return steps + 1;
  }
}
