package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.DeviceParts;
import java.util.List;

/** What is done to the scores of a row at the end. */
enum PostTransform {
  NONE,
  SOFTMAX,
  /** 1 / (1 + e⁻ˢ). */
  LOGISTIC,
  /** Softmax over the scores that are not zero (|s| &gt; 1e−7); the others stay zero. */
  SOFTMAX_ZERO,
  /**
   * The quantile of the normal distribution, √2·erf⁻¹(2s − 1), by S. Winitzki's approximation with
   * a = 0.147 ("A handy approximation for the error function and its inverse", 2008), relative
   * error 2e−3, which other runtimes use too; NaN outside [0, 1].
   */
  PROBIT;

  private static final double A = 0.147;
  private static final double NEGLIGIBLE = 1e-7;

  static PostTransform of(Attributes attributes) {
    String name = attributes.string("post_transform", "NONE");
    for (PostTransform transform : values()) {
      if (transform.name().equals(name)) {
        return transform;
      }
    }
    throw attributes.error(
        "post_transform is '"
            + name
            + "', expected NONE, SOFTMAX, LOGISTIC, SOFTMAX_ZERO or PROBIT");
  }

  /**
   * What a regressor does: with a single target only PROBIT is applied, as ONNX Runtime and the
   * exporters made for it understand the attribute.
   */
  PostTransform forTargets(int targets) {
    return targets == 1 && this != PROBIT ? NONE : this;
  }

  /** Names the parts that compute a regressor's output, given the one of the raw scores. */
  void divide(DeviceParts parts, DeviceParts.Source raw) {
    if (this == NONE) {
      parts.output(0, raw);
    } else {
      FinalScores last = new FinalScores(this, null);
      parts.output(0, new DeviceParts.Source(last, List.of(parts.part(raw))));
    }
  }

  /** Transforms {@code scores[rows, columns]} from index {@code at} in place. */
  void apply(Kernels kernels, float[] scores, int at, int rows, int columns) {
    switch (this) {
      case NONE -> {}
      case LOGISTIC ->
          kernels
              .unary()
              .apply(UnaryFunction.SIGMOID, 0, 0, scores, at, scores, at, rows * columns);
      case SOFTMAX -> kernels.softmax().softmax(scores, at, rows, columns, scores, at);
      case SOFTMAX_ZERO, PROBIT -> {
        double[] row = new double[columns];
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            row[j] = scores[at + i * columns + j];
          }
          apply(row, 0, 1, columns);
          for (int j = 0; j < columns; j++) {
            scores[at + i * columns + j] = (float) row[j];
          }
        }
      }
    }
  }

  /** Transforms {@code scores[rows, columns]} from index {@code at} in place. */
  void apply(double[] scores, int at, int rows, int columns) {
    for (int row = 0; row < rows; row++) {
      int first = at + row * columns;
      int end = first + columns;
      switch (this) {
        case NONE -> {}
        case LOGISTIC -> {
          for (int i = first; i < end; i++) {
            scores[i] = logistic(scores[i]);
          }
        }
        case PROBIT -> {
          for (int i = first; i < end; i++) {
            scores[i] = probit(scores[i]);
          }
        }
        case SOFTMAX -> softmax(scores, first, end, -1);
        case SOFTMAX_ZERO -> softmax(scores, first, end, NEGLIGIBLE);
      }
    }
  }

  private static double logistic(double s) {
    double e = StrictMath.exp(-Math.abs(s));
    return s < 0 ? e / (1 + e) : 1 / (1 + e);
  }

  static double probit(double p) {
    double x = 2 * p - 1;
    double log = StrictMath.log((1 - x) * (1 + x));
    double half = 2 / (StrictMath.PI * A) + log / 2;
    double root = StrictMath.sqrt(StrictMath.sqrt(half * half - log / A) - half);
    return StrictMath.sqrt(2) * (x < 0 ? -root : root);
  }

  private static void softmax(double[] scores, int first, int end, double negligible) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = first; i < end; i++) {
      max = Math.max(max, scores[i]);
    }
    double sum = 0;
    for (int i = first; i < end; i++) {
      boolean counts = !(Math.abs(scores[i]) <= negligible);
      scores[i] = counts ? StrictMath.exp(scores[i] - max) : 0;
      sum += scores[i];
    }
    for (int i = first; i < end && sum != 0; i++) {
      scores[i] /= sum;
    }
  }
}
