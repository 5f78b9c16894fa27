package io.sparkonnx.engine.op.reduce;

import io.sparkonnx.engine.kernel.ReduceFunction;
import io.sparkonnx.engine.op.elementwise.Types;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;

/** What a reduction computes of a set of numbers. */
enum Reduction {
  SUM(ReduceFunction.SUM),
  /** The sum divided by the count; of integers, rounded toward zero. */
  MEAN(ReduceFunction.SUM),
  /** Of nothing: −∞ or the type's lowest number. */
  MAX(ReduceFunction.MAX),
  /** Of nothing: +∞ or the type's highest number. */
  MIN(ReduceFunction.MIN),
  PROD(ReduceFunction.PRODUCT),
  SUM_SQUARE(ReduceFunction.SUM_SQUARE),
  /** Σ|x|. */
  L1(ReduceFunction.SUM_ABS),
  /** √Σx². */
  L2(ReduceFunction.SUM_SQUARE),
  /** ln Σx. */
  LOG_SUM(ReduceFunction.SUM),
  /** ln Σeˣ, computed as m + ln Σe^(x−m) with the maximum m. */
  LOG_SUM_EXP(null);

  private final ReduceFunction kernel;

  Reduction(ReduceFunction kernel) {
    this.kernel = kernel;
  }

  /** What the kernel computes of the elements; null for {@link #LOG_SUM_EXP}. */
  ReduceFunction first() {
    return kernel;
  }

  /** What the kernel computes of the results of {@link #first()} over parts. */
  ReduceFunction further() {
    return this == SUM_SQUARE || this == L1 || this == L2 ? ReduceFunction.SUM : kernel;
  }

  /** Whether a set of one number may be mapped to something else. */
  boolean changesSingles() {
    return switch (this) {
      case SUM, MEAN, MAX, MIN, PROD -> false;
      default -> true;
    };
  }

  /** Whether integers are reduced as doubles and the result truncated. */
  boolean isReal() {
    return this == L2 || this == LOG_SUM || this == LOG_SUM_EXP;
  }

  boolean takes(ElementType type) {
    return Types.NUMBERS.contains(type)
        || (type == ElementType.BOOL && (this == MAX || this == MIN));
  }

  /** The function of two followed contents, or null where it is not followed. */
  Dim ofContents(Dim a, Dim b) {
    return switch (this) {
      case SUM -> a.plus(b);
      case PROD -> a.times(b);
      case MAX -> a.max(b);
      case MIN -> a.min(b);
      default -> null;
    };
  }
}
