package io.sparkonnx.engine.check;

/**
 * How far a floating-point value may be from the expected one: |actual − expected| ≤ absolute +
 * relative·|expected|. NaN fits NaN, an infinity fits itself.
 */
public record Tolerance(double relative, double absolute) {
  /** For single operators. */
  public static final Tolerance OPERATORS = new Tolerance(1e-3, 1e-7);

  /** For whole models. */
  public static final Tolerance MODELS = new Tolerance(1e-3, 1e-5);

  boolean admits(double expected, double actual) {
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      return Double.compare(expected, actual) == 0;
    }
    return Math.abs(actual - expected) <= absolute + relative * Math.abs(expected);
  }
}
