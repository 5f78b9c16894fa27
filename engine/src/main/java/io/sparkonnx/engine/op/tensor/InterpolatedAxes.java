package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Interpolation along one axis after the other, the last first, for tensors of given shapes. The
 * axes before the first resized one count blocks, which are made one by one. Floats are computed as
 * floats, all other types as doubles.
 */
final class InterpolatedAxes implements Resampled {
  private final List<AxisPass> passes = new ArrayList<>();
  private final int blocks;
  private final int blockBefore;
  private final int blockAfter;
  private int largest;

  /**
   * @param taps of each axis; null for one that stays
   */
  InterpolatedAxes(AxisTaps[] taps, int[] from, int[] to) {
    int first = 0;
    while (first < taps.length && taps[first] == null) {
      first++;
    }
    this.blocks = Tensor.sizeOf(Arrays.copyOf(from, first));
    this.blockBefore = Tensor.sizeOf(Arrays.copyOfRange(from, first, from.length));
    this.blockAfter = Tensor.sizeOf(Arrays.copyOfRange(to, first, to.length));
    int[] lengths = Arrays.copyOfRange(from, first, from.length);
    for (int axis = lengths.length - 1; axis >= 0; axis--) {
      if (taps[first + axis] != null) {
        int outer = Tensor.sizeOf(Arrays.copyOf(lengths, axis));
        int inner = Tensor.sizeOf(Arrays.copyOfRange(lengths, axis + 1, lengths.length));
        passes.add(new AxisPass(outer, lengths[axis], inner, taps[first + axis]));
        lengths[axis] = to[first + axis];
        largest = Math.max(largest, Tensor.sizeOf(lengths));
      }
    }
  }

  @Override
  public void run(StepContext context, Tensor x, Tensor y) {
    if (passes.isEmpty()) {
      Runs.copy(x, y);
    } else if (x.type() == ElementType.FLOAT) {
      runFloats(context, (FloatTensor) x, (FloatTensor) y);
    } else {
      runDoubles(context, x, y);
    }
  }

  private void runFloats(StepContext context, FloatTensor x, FloatTensor y) {
    int last = passes.size() - 1;
    for (int block = 0; block < blocks; block++) {
      context.checkCancelled();
      float[] from = x.array();
      int at = x.offset() + block * blockBefore;
      for (int i = 0; i < last; i++) {
        int slot = i % 2 == 0 ? Scratch.OPERATOR : 0;
        float[] between = context.scratch().floats(slot, largest);
        passes.get(i).run(from, at, between, 0);
        from = between;
        at = 0;
      }
      passes.get(last).run(from, at, y.array(), y.offset() + block * blockAfter);
    }
  }

  private void runDoubles(StepContext context, Tensor x, Tensor y) {
    double[] from = new double[Math.max(blockBefore, largest)];
    double[] to = new double[from.length];
    for (int block = 0; block < blocks; block++) {
      context.checkCancelled();
      read(x, block * blockBefore, from);
      for (AxisPass pass : passes) {
        pass.run(from, to);
        double[] made = to;
        to = from;
        from = made;
      }
      RoundedNumbers.write(from, y, block * blockAfter, blockAfter);
    }
  }

  private void read(Tensor x, int first, double[] to) {
    if (x.type().isFloatingPoint()) {
      NumberReader.doubles(x, first, to, blockBefore);
      return;
    }
    for (int i = 0; i < blockBefore; i++) {
      to[i] = x.doubleAt(first + i);
    }
  }
}
