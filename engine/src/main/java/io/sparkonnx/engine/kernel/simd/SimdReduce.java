package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;

import io.sparkonnx.engine.kernel.ReduceFunction;
import io.sparkonnx.engine.kernel.ReduceKernel;
import io.sparkonnx.engine.kernel.scalar.ScalarReduce;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Reductions on the Vector API. */
public final class SimdReduce implements ReduceKernel {
  /** Columns that are reduced together: their results stay in the first-level cache. */
  private static final int BLOCK = 2048;

  @Override
  public void rows(
      ReduceFunction f, float[] x, int xOffset, int rows, int length, float[] y, int yOffset) {
    for (int r = 0; r < rows; r++) {
      int from = xOffset + r * length;
      y[yOffset + r] =
          switch (f) {
            case SUM -> SimdRows.sum(x, from, length);
            case SUM_ABS -> SimdRows.sumAbs(x, from, length);
            case SUM_SQUARE -> SimdRows.sumSquare(x, from, length);
            case PRODUCT -> SimdRows.product(x, from, length);
            case MIN -> SimdRows.min(x, from, length);
            case MAX -> SimdRows.max(x, from, length);
          };
    }
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
    Arrays.fill(y, yOffset, yOffset + outer * inner, ScalarReduce.neutral(f));
    for (int i = 0; i < outer; i++) {
      for (int j = 0; j < inner; j += BLOCK) {
        int columns = Math.min(BLOCK, inner - j);
        int from = xOffset + i * length * inner + j;
        int to = yOffset + i * inner + j;
        for (int k = 0; k < length; k++, from += inner) {
          switch (f) {
            case SUM -> SimdBinary.add(y, to, 1, x, from, 1, y, to, columns);
            case SUM_ABS -> addMagnitudes(x, from, y, to, columns);
            case SUM_SQUARE -> addSquares(x, from, y, to, columns);
            case PRODUCT -> SimdBinary.mul(y, to, 1, x, from, 1, y, to, columns);
            case MIN -> SimdBinary.min(y, to, 1, x, from, 1, y, to, columns);
            case MAX -> SimdBinary.max(y, to, 1, x, from, 1, y, to, columns);
          }
        }
      }
    }
  }

  private static void addMagnitudes(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      Lanes.load(y, yo + i).add(Lanes.load(x, xo + i).abs()).intoArray(y, yo + i);
    }
    ScalarReduce.sumAbs(x, xo + i, y, yo + i, n - i);
  }

  private static void addSquares(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector v = Lanes.load(x, xo + i);
      v.fma(v, Lanes.load(y, yo + i)).intoArray(y, yo + i);
    }
    ScalarReduce.sumSquare(x, xo + i, y, yo + i, n - i);
  }
}
