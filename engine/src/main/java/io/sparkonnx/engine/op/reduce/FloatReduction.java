package io.sparkonnx.engine.op.reduce;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.ReduceFunction;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.op.elementwise.Elements;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;

/** Reductions of floats by the kernels, stage by stage; 16-bit floats are widened first. */
final class FloatReduction {
  private final Reduction f;
  private final Kernels kernels;

  FloatReduction(Reduction f, Kernels kernels) {
    this.f = f;
    this.kernels = kernels;
  }

  /** A part of memory that holds the values between two stages. */
  private static final class Region {
    private float[] array;
    private int offset;
    private int slot;

    private Region() {}

    Region(float[] array, int offset, int slot) {
      set(array, offset, slot);
    }

    final Region set(float[] newArray, int newOffset, int newSlot) {
      array = newArray;
      offset = newOffset;
      slot = newSlot;
      return this;
    }
  }

  /** Where a step reads and writes, kept from call to call. */
  private static final class Ends {
    private final Region source = new Region();
    private final Region target = new Region();
  }

  private static final int NO_SLOT = -1;
  private static final int SUMS_SLOT = 2;

  /**
   * @param stages for the shape of input 0
   */
  void run(StepContext context, List<ReductionStage> stages) {
    Tensor x = context.input(0);
    Tensor y = context.output(0);
    Scratch scratch = context.scratch();
    if (x instanceof FloatTensor from && y instanceof FloatTensor to) {
      Ends ends = scratch.kept(Ends.class, Ends::new);
      Region source = ends.source.set(from.array(), from.offset(), NO_SLOT);
      Region target = ends.target.set(to.array(), to.offset(), NO_SLOT);
      reduce(scratch, stages, source, target, y.size());
      source.set(null, 0, NO_SLOT);
      target.set(null, 0, NO_SLOT);
      return;
    }
    float[] widened = scratch.floats(0, x.size());
    Elements.load(x, x.offset(), 1, widened, 0, x.size());
    Region result = reduce(scratch, stages, new Region(widened, 0, 0), null, y.size());
    Elements.store(result.array, result.offset, y, y.offset(), y.size());
  }

  private Region reduce(
      Scratch scratch, List<ReductionStage> stages, Region x, Region target, int results) {
    Region present = x;
    ReduceFunction next = f.first();
    int count = 1;
    for (int i = 0; i < stages.size(); i++) {
      ReductionStage stage = stages.get(i);
      boolean end = target != null && i == stages.size() - 1;
      Region result = end ? target : lend(scratch, present, stage.results());
      present = stage(scratch, next, stage, present, result);
      next = f.further();
      count *= stage.length();
    }
    finish(scratch, present, results, count);
    return present;
  }

  private Region stage(
      Scratch scratch, ReduceFunction function, ReductionStage stage, Region x, Region y) {
    if (f == Reduction.LOG_SUM_EXP) {
      logSumExp(scratch, stage, x, y);
    } else {
      kernel(function, stage, x, y);
    }
    return y;
  }

  private void kernel(ReduceFunction function, ReductionStage s, Region x, Region y) {
    if (s.last()) {
      kernels.reduce().rows(function, x.array, x.offset, s.outer(), s.length(), y.array, y.offset);
    } else {
      kernels
          .reduce()
          .columns(
              function, x.array, x.offset, s.outer(), s.length(), s.inner(), y.array, y.offset);
    }
  }

  private void logSumExp(Scratch scratch, ReductionStage s, Region x, Region y) {
    int results = s.outer() * s.inner();
    kernel(ReduceFunction.MAX, s, x, y);
    for (int i = y.offset; i < y.offset + results; i++) {
      y.array[i] = Float.isInfinite(y.array[i]) ? 0 : y.array[i];
    }
    int size = results * s.length();
    boolean own = x.slot != NO_SLOT;
    Region e = own ? x : new Region(scratch.floats(0, size), 0, 0);
    subtract(s, x, y, e);
    kernels.unary().apply(UnaryFunction.EXP, 0, 0, e.array, e.offset, e.array, e.offset, size);
    Region sums = new Region(scratch.floats(SUMS_SLOT, results), 0, SUMS_SLOT);
    kernel(ReduceFunction.SUM, s, e, sums);
    map(UnaryFunction.LOG, sums, results);
    kernels
        .binary()
        .apply(
            BinaryFunction.ADD, sums.array, 0, 1, y.array, y.offset, 1, y.array, y.offset, results);
  }

  private static void subtract(ReductionStage s, Region x, Region max, Region e) {
    int run = s.last() ? s.length() : s.inner();
    int runs = s.last() ? s.outer() : s.outer() * s.length();
    for (int r = 0; r < runs; r++) {
      int from = x.offset + r * run;
      int to = e.offset + r * run;
      if (s.last()) {
        float shift = max.array[max.offset + r];
        for (int i = 0; i < run; i++) {
          e.array[to + i] = x.array[from + i] - shift;
        }
      } else {
        int at = max.offset + r / s.length() * s.inner();
        for (int i = 0; i < run; i++) {
          e.array[to + i] = x.array[from + i] - max.array[at + i];
        }
      }
    }
  }

  private void finish(Scratch scratch, Region y, int results, int count) {
    switch (f) {
      case MEAN -> {
        float[] divisor = scratch.floats(SUMS_SLOT, 1);
        divisor[0] = count;
        kernels
            .binary()
            .apply(
                BinaryFunction.DIV,
                y.array,
                y.offset,
                1,
                divisor,
                0,
                0,
                y.array,
                y.offset,
                results);
      }
      case L2 -> map(UnaryFunction.SQRT, y, results);
      case LOG_SUM -> map(UnaryFunction.LOG, y, results);
      default -> {}
    }
  }

  private void map(UnaryFunction function, Region y, int length) {
    kernels.unary().apply(function, 0, 0, y.array, y.offset, y.array, y.offset, length);
  }

  /** Scratch that {@code present} does not use. */
  private static Region lend(Scratch scratch, Region present, int length) {
    int slot = present.slot == 1 ? 0 : 1;
    return new Region(scratch.floats(slot, length), 0, slot);
  }
}
