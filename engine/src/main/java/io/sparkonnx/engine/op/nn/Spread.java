package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;

/** Where the elements of a plane go when each is spread over a kernel. */
final class Spread {
  private final int[] input;
  private final int[] kernel;
  private final int[] output;
  private final int[] stride;
  private final int[] dilation;
  private final int[] begin;
  private final int[] coordinates;

  Spread(ConvTranspose operator, Tensor x, Tensor w, Tensor y) {
    this.input = ImageShape.spatial(x);
    this.kernel = ImageShape.spatial(w);
    this.output = ImageShape.spatial(y);
    int rank = input.length;
    this.stride = new int[rank];
    this.dilation = new int[rank];
    this.begin = new int[rank];
    this.coordinates = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      stride[axis] = operator.window().stride(axis);
      dilation[axis] = operator.window().dilation(axis);
      begin[axis] = operator.padBegin(axis, input[axis], kernel[axis], output[axis]);
    }
  }

  int taps() {
    return Taps.product(kernel);
  }

  int inputPlane() {
    return Taps.product(input);
  }

  int outputPlane() {
    return Taps.product(output);
  }

  /**
   * Writes, for each element of an input plane, the element of the output plane that kernel element
   * {@code tap} adds to, or −1 where it is cut off.
   */
  void locate(int tap, int[] targets) {
    int[] shift = new int[kernel.length];
    int rest = tap;
    for (int axis = kernel.length - 1; axis >= 0; axis--) {
      shift[axis] = rest % kernel[axis] * dilation[axis] - begin[axis];
      rest /= kernel[axis];
    }
    Arrays.fill(coordinates, 0);
    for (int pixel = 0; pixel < targets.length; pixel++) {
      targets[pixel] = target(shift);
      advance();
    }
  }

  private int target(int[] shift) {
    int index = 0;
    for (int axis = 0; axis < shift.length; axis++) {
      int at = coordinates[axis] * stride[axis] + shift[axis];
      if (at < 0 || at >= output[axis]) {
        return -1;
      }
      index = index * output[axis] + at;
    }
    return index;
  }

  private void advance() {
    for (int axis = coordinates.length - 1; axis >= 0; axis--) {
      coordinates[axis]++;
      if (coordinates[axis] < input[axis]) {
        return;
      }
      coordinates[axis] = 0;
    }
  }
}
