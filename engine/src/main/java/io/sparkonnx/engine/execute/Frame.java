package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.tensor.MovingView;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * The values of a plan under one binding: constants and planned tensors are there from the start,
 * inputs, results and dynamic values come and go with each block.
 */
final class Frame {
  private final OnnxValue[] values;
  private final int[][] viewDims;
  private final MovingView[] views;
  private final Object[] kept;
  private final boolean moves;

  /**
   * @param values by slot
   * @param viewDims by slot, shapes of views that have no planned place; null for other values
   * @param steps number of the plan's steps
   * @param moves whether views move from block to block; otherwise each block has its own, which
   *     may be kept longer
   */
  Frame(OnnxValue[] values, int[][] viewDims, int steps, boolean moves) {
    this.values = values;
    this.viewDims = viewDims;
    this.views = new MovingView[values.length];
    this.kept = new Object[steps];
    this.moves = moves;
  }

  OnnxValue[] values() {
    return values;
  }

  /** What each step made of this binding's shapes, by step. */
  Object[] kept() {
    return kept;
  }

  /**
   * The part of a run's input or result that belongs to a block; where views move, until the next
   * block asks.
   *
   * @param whole first axis {@code total} times a factor per row
   */
  Tensor rows(int slot, Tensor whole, int from, int rows, int total) {
    int offset = Rows.offset(whole, from, total);
    if (!moves || views[slot] == null) {
      views[slot] = new MovingView(whole, offset, Rows.dims(whole, rows, total));
    }
    return views[slot].at(offset);
  }

  /** A tensor beside a result that another block writes. */
  Tensor apart(int slot, Tensor result) {
    if (!moves || views[slot] == null) {
      Tensor other = Tensor.allocate(result.type(), result.dims());
      views[slot] = new MovingView(other, 0, other.dims());
    }
    return views[slot].at(0);
  }

  /** Sets a value to a view of another one, or does nothing where their sizes differ. */
  boolean view(int slot, Tensor viewed) {
    int[] dims = viewDims[slot];
    if (viewed == null || Tensor.sizeOf(dims) != viewed.size()) {
      return false;
    }
    if (!moves || views[slot] == null || !views[slot].isOf(viewed, dims)) {
      views[slot] = new MovingView(viewed, viewed.offset(), dims);
    }
    values[slot] = views[slot].at(viewed.offset());
    return true;
  }

  /** Lets go of the arrays that are the caller's. */
  void leave() {
    Arrays.fill(views, null);
  }
}
