package io.sparkonnx.engine.kernel;

/**
 * Softmax along contiguous rows: m = max(x), e = exp(x − m), s = Σe (16 partials), y = e / s; or,
 * for the logarithm, y = (x − m) − ln s.
 */
public interface SoftmaxKernel {
  /** Rows of {@code x[rows, length]} to {@code y[rows, length]}; in place is allowed. */
  void softmax(float[] x, int xOffset, int rows, int length, float[] y, int yOffset);

  /** The logarithm of {@link #softmax}, computed without it; in place is allowed. */
  void logSoftmax(float[] x, int xOffset, int rows, int length, float[] y, int yOffset);
}
