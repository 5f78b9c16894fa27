package io.sparkonnx.engine.kernel.scalar;

import io.sparkonnx.engine.kernel.ReduceFunction;
import io.sparkonnx.engine.kernel.ReduceKernel;
import java.util.Arrays;

/** Reductions in plain loops. */
public final class ScalarReduce implements ReduceKernel {
  @Override
  public void rows(
      ReduceFunction f, float[] x, int xOffset, int rows, int length, float[] y, int yOffset) {
    for (int r = 0; r < rows; r++) {
      y[yOffset + r] = row(f, x, xOffset + r * length, length);
    }
  }

  /** Reduces {@code x[xOffset, xOffset+length)}. */
  public static float row(ReduceFunction f, float[] x, int xOffset, int length) {
    return switch (f) {
      case SUM -> ScalarRows.sum(x, xOffset, length);
      case SUM_ABS -> ScalarRows.sumAbs(x, xOffset, length);
      case SUM_SQUARE -> ScalarRows.sumSquare(x, xOffset, length);
      case PRODUCT -> ScalarRows.product(x, xOffset, length);
      case MIN -> ScalarRows.min(x, xOffset, length);
      case MAX -> ScalarRows.max(x, xOffset, length);
    };
  }

  @Override
  public void columns(
      ReduceFunction f,
      float[] x,
      int xOffset,
      int outer,
      int length,
      int inner,
      float[] y,
      int yOffset) {
    Arrays.fill(y, yOffset, yOffset + outer * inner, neutral(f));
    for (int i = 0; i < outer; i++) {
      int to = yOffset + i * inner;
      for (int k = 0; k < length; k++) {
        int from = xOffset + (i * length + k) * inner;
        switch (f) {
          case SUM -> sum(x, from, y, to, inner);
          case SUM_ABS -> sumAbs(x, from, y, to, inner);
          case SUM_SQUARE -> sumSquare(x, from, y, to, inner);
          case PRODUCT -> product(x, from, y, to, inner);
          case MIN -> min(x, from, y, to, inner);
          case MAX -> max(x, from, y, to, inner);
        }
      }
    }
  }

  /** The result of a reduction of nothing. */
  public static float neutral(ReduceFunction f) {
    return switch (f) {
      case SUM, SUM_ABS, SUM_SQUARE -> 0f;
      case PRODUCT -> 1f;
      case MIN -> Float.POSITIVE_INFINITY;
      case MAX -> Float.NEGATIVE_INFINITY;
    };
  }

  private static void sum(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = y[yo + i] + x[xo + i];
    }
  }

  /** y[yo + i] = y[yo + i] + |x[xo + i]|, 0 ≤ i &lt; n. */
  public static void sumAbs(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = y[yo + i] + Math.abs(x[xo + i]);
    }
  }

  /** y[yo + i] = fma(x[xo + i], x[xo + i], y[yo + i]), 0 ≤ i &lt; n. */
  public static void sumSquare(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.fma(x[xo + i], x[xo + i], y[yo + i]);
    }
  }

  private static void product(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = y[yo + i] * x[xo + i];
    }
  }

  private static void min(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.min(y[yo + i], x[xo + i]);
    }
  }

  private static void max(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.max(y[yo + i], x[xo + i]);
    }
  }
}
