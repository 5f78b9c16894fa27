package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;

/** Copies the nearest elements, for tensors of given shapes. */
final class NearestCopy implements Resampled {
  private final int[] to;
  private final int[] fromStrides;
  private final int[] toStrides;

  /** First element of what is read for each new place of an axis; null for one that stays. */
  private final int[][] positions;

  private final int last;

  /**
   * @param taps of each axis; null for one that stays
   */
  NearestCopy(AxisTaps[] taps, int[] from, int[] to) {
    this.to = to;
    this.fromStrides = StridedCopy.strides(from);
    this.toStrides = StridedCopy.strides(to);
    this.positions = new int[taps.length][];
    int resized = -1;
    for (int axis = 0; axis < taps.length; axis++) {
      if (taps[axis] != null) {
        positions[axis] = taps[axis].sources().clone();
        for (int i = 0; i < positions[axis].length; i++) {
          positions[axis][i] *= fromStrides[axis];
        }
        resized = axis;
      }
    }
    this.last = resized;
  }

  @Override
  public void run(StepContext context, Tensor x, Tensor y) {
    if (last < 0) {
      Runs.copy(x, y);
    } else {
      walk(context, x, y, 0, 0, 0);
    }
  }

  private void walk(StepContext context, Tensor x, Tensor y, int axis, int from, int at) {
    int width = x.type().width();
    int target = y.offset() + at * width;
    if (axis == last) {
      int source = x.offset() + from * width;
      Runs.gather(
          x.type(),
          x.array(),
          source,
          positions[axis],
          to[axis],
          fromStrides[axis],
          y.array(),
          target);
      return;
    }
    int[] places = positions[axis];
    int slab = toStrides[axis] * width;
    for (int i = 0; i < to[axis]; i++) {
      if (axis == 0) {
        context.checkCancelled();
      }
      if (places != null && i > 0 && places[i] == places[i - 1]) {
        int end = target + i * slab;
        System.arraycopy(y.array(), end - slab, y.array(), end, slab);
      } else {
        int source = places == null ? i * fromStrides[axis] : places[i];
        walk(context, x, y, axis + 1, from + source, at + i * toStrides[axis]);
      }
    }
  }
}
