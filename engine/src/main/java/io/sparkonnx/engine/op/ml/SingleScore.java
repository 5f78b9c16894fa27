package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.Kernels;

/** What a single raw score s between two classes means, and so the scores of both. */
enum SingleScore {
  /** Probability of the second class: [1 − s, s]; by LOGISTIC [σ(−s), σ(s)]. */
  PROBABILITY,
  /** Margin towards the second class: [−s, s]; by LOGISTIC [σ(−s), σ(s)]. */
  MARGIN,
  /** The second class's own score, transformed together with a zero: [0, s]. */
  BESIDE_ZERO;

  /**
   * Turns {@code scores[rows]} from index {@code at} into {@code scores[rows, 2]} there. Of the
   * transforms that need all classes, only {@link #BESIDE_ZERO} knows a meaning.
   */
  void spread(Kernels kernels, PostTransform transform, float[] scores, int at, int rows) {
    boolean logistic = transform == PostTransform.LOGISTIC;
    for (int row = rows - 1; row >= 0; row--) {
      float s = scores[at + row];
      scores[at + 2 * row] =
          switch (this) {
            case PROBABILITY -> logistic ? -s : 1 - s;
            case MARGIN -> -s;
            case BESIDE_ZERO -> 0;
          };
      scores[at + 2 * row + 1] = s;
    }
    transform(transform).apply(kernels, scores, at, rows, 2);
  }

  /** Of {@code transform} what is applied to both scores in the end. */
  PostTransform transform(PostTransform transform) {
    boolean known =
        this == BESIDE_ZERO
            || transform == PostTransform.PROBIT
            || transform == PostTransform.LOGISTIC;
    return known ? transform : PostTransform.NONE;
  }
}
