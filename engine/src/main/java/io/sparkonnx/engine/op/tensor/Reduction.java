package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Locale;

/** How a scattered element is combined with the one that is there. */
enum Reduction {
  NONE,
  ADD,
  MUL,
  MAX,
  MIN;

  /** The attribute {@code reduction}; none before opset 16. */
  static Reduction of(Attributes attributes) {
    String name = attributes.string("reduction", "none");
    for (Reduction reduction : values()) {
      if (reduction.name().toLowerCase(Locale.ROOT).equals(name)) {
        return reduction;
      }
    }
    throw attributes.error("reduction is '" + name + "', expected none, add, mul, max or min");
  }

  void check(InferenceContext context, ElementType type) {
    if (this != NONE && (type == ElementType.STRING || type.width() > 1)) {
      throw context.error("cannot reduce " + type);
    }
  }

  /**
   * Combines runs of {@code updates} with those of {@code output}, in order.
   *
   * @param first number of the first element to take from updates
   * @param positions first element of each run in the output
   */
  void scatter(Tensor updates, int first, Tensor output, int[] positions, int count, int run) {
    if (this == NONE) {
      Runs.scatter(updates, first, output, positions, count, run);
      return;
    }
    for (int i = 0; i < count; i++) {
      int from = first + i * run;
      if (output.type() == ElementType.FLOAT) {
        floats(
            (float[]) updates.array(),
            updates.offset() + from,
            (float[]) output.array(),
            output.offset() + positions[i],
            run);
      } else if (output.type().isFloatingPoint()) {
        reals(updates, from, output, positions[i], run);
      } else {
        integers(updates, from, output, positions[i], run);
      }
    }
  }

  private void floats(float[] from, int f, float[] to, int t, int count) {
    for (int i = 0; i < count; i++) {
      float here = to[t + i];
      float there = from[f + i];
      to[t + i] =
          switch (this) {
            case NONE -> there;
            case ADD -> here + there;
            case MUL -> here * there;
            case MAX -> Math.max(here, there);
            case MIN -> Math.min(here, there);
          };
    }
  }

  /** Exact in double for narrower types, whose sums and products are then rounded once. */
  private void reals(Tensor from, int f, Tensor to, int t, int count) {
    double[] block = new double[1];
    for (int i = 0; i < count; i++) {
      double here = to.doubleAt(t + i);
      double there = from.doubleAt(f + i);
      block[0] =
          switch (this) {
            case NONE -> there;
            case ADD -> here + there;
            case MUL -> here * there;
            case MAX -> Math.max(here, there);
            case MIN -> Math.min(here, there);
          };
      NumberWriter.reals(block, to, t + i, 1);
    }
  }

  private void integers(Tensor from, int f, Tensor to, int t, int count) {
    long flip = to.type() == ElementType.UINT64 ? Long.MIN_VALUE : 0;
    long[] block = new long[1];
    for (int i = 0; i < count; i++) {
      long here = to.longAt(t + i);
      long there = from.longAt(f + i);
      block[0] =
          switch (this) {
            case NONE -> there;
            case ADD -> here + there;
            case MUL -> here * there;
            case MAX -> Math.max(here ^ flip, there ^ flip) ^ flip;
            case MIN -> Math.min(here ^ flip, there ^ flip) ^ flip;
          };
      NumberWriter.integers(block, to, t + i, 1);
    }
  }
}
