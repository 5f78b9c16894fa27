package io.sparkonnx.engine.kernel;

/** Normalisation along contiguous rows, sums by 16 partials. */
public interface NormalizationKernel {
  /**
   * y = (x − mean)·(1/√(var + epsilon))·scale + bias for each row of {@code x[rows, length]}, with
   * the variance taken from (x − mean)². {@code scale} and {@code bias} hold {@code length}
   * elements from their offsets; {@code bias} may be null. {@code mean} and {@code inverseStdDev}
   * receive one value per row, or are null. In place is allowed.
   */
  void layerNorm(
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
      int inverseStdDevOffset);
}
