package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.broadcast;
import static io.sparkonnx.engine.kernel.simd.Lanes.load;

import io.sparkonnx.engine.kernel.NormalizationKernel;
import io.sparkonnx.engine.kernel.scalar.ScalarNormalization;
import jdk.incubator.vector.FloatVector;

/** Normalisation on the Vector API. */
public final class SimdNormalization implements NormalizationKernel {
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
      float center = SimdRows.sum(x, from, length) / (float) length;
      float variance = SimdRows.sumSquareDeviation(x, from, length, center) / (float) length;
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

  private static void scale(
      float[] x,
      int xo,
      float center,
      float factor,
      float[] scale,
      int so,
      float[] y,
      int yo,
      int n) {
    FloatVector c = broadcast(center);
    FloatVector f = broadcast(factor);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      load(x, xo + i).sub(c).mul(f).mul(load(scale, so + i)).intoArray(y, yo + i);
    }
    ScalarNormalization.scale(x, xo + i, center, factor, scale, so + i, y, yo + i, n - i);
  }

  private static void affine(
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
    FloatVector c = broadcast(center);
    FloatVector f = broadcast(factor);
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector d = load(x, xo + i).sub(c).mul(f);
      d.fma(load(scale, so + i), load(bias, bo + i)).intoArray(y, yo + i);
    }
    ScalarNormalization.affine(
        x, xo + i, center, factor, scale, so + i, bias, bo + i, y, yo + i, n - i);
  }
}
