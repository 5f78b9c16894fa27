package io.sparkonnx.engine.kernel.scalar;

import io.sparkonnx.engine.kernel.NormalizationKernel;

/** Normalisation in plain loops. */
public final class ScalarNormalization implements NormalizationKernel {
  @Override
  public void layerNorm(
      float[] x,
      int xOffset,
      int rows,
      int length,
      float[] scale,
      int scaleOffset,
      float[] bias,
      int biasOffset,
      float epsilon,
      float[] y,
      int yOffset,
      float[] mean,
      int meanOffset,
      float[] inverseStdDev,
      int inverseStdDevOffset) {
    for (int r = 0; r < rows; r++) {
      int from = xOffset + r * length;
      int to = yOffset + r * length;
      float center = ScalarRows.sum(x, from, length) / (float) length;
      float variance = sumSquareDeviation(x, from, length, center) / (float) length;
      float factor = 1f / (float) Math.sqrt(variance + epsilon);
      if (bias == null) {
        scale(x, from, center, factor, scale, scaleOffset, y, to, length);
      } else {
        affine(x, from, center, factor, scale, scaleOffset, bias, biasOffset, y, to, length);
      }
      if (mean != null) {
        mean[meanOffset + r] = center;
      }
      if (inverseStdDev != null) {
        inverseStdDev[inverseStdDevOffset + r] = factor;
      }
    }
  }

  /** y = ((x − center)·factor)·scale. */
  public static void scale(
      float[] x,
      int xo,
      float center,
      float factor,
      float[] scale,
      int so,
      float[] y,
      int yo,
      int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = (x[xo + i] - center) * factor * scale[so + i];
    }
  }

  /** y = fma((x − center)·factor, scale, bias). */
  public static void affine(
      float[] x,
      int xo,
      float center,
      float factor,
      float[] scale,
      int so,
      float[] bias,
      int bo,
      float[] y,
      int yo,
      int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.fma((x[xo + i] - center) * factor, scale[so + i], bias[bo + i]);
    }
  }

  /** Σ (x − center)² by the 16 partials of {@link ScalarRows}. */
  public static float sumSquareDeviation(float[] x, int o, int n, float center) {
    return (deviation(x, o, n, center, 0) + deviation(x, o, n, center, 2))
        + (deviation(x, o, n, center, 1) + deviation(x, o, n, center, 3));
  }

  private static float deviation(float[] x, int o, int n, float center, int j) {
    float p0 = 0f;
    float p1 = 0f;
    float p2 = 0f;
    float p3 = 0f;
    int i = j;
    for (; i < n - 12; i += 16) {
      p0 = addSquare(x[o + i] - center, p0);
      p1 = addSquare(x[o + i + 4] - center, p1);
      p2 = addSquare(x[o + i + 8] - center, p2);
      p3 = addSquare(x[o + i + 12] - center, p3);
    }
    if (i < n) {
      p0 = addSquare(x[o + i] - center, p0);
    }
    if (i < n - 4) {
      p1 = addSquare(x[o + i + 4] - center, p1);
    }
    if (i < n - 8) {
      p2 = addSquare(x[o + i + 8] - center, p2);
    }
    return (p0 + p2) + (p1 + p3);
  }

  private static float addSquare(float d, float sum) {
    return Math.fma(d, d, sum);
  }
}
