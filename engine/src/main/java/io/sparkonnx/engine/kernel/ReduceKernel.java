package io.sparkonnx.engine.kernel;

/**
 * Reductions in a fixed order.
 *
 * <p>Along a contiguous axis: 16 partial results (element i goes to partial i mod 16, each partial
 * starts with the function's neutral element and runs ascending), then a halving tree: p[j] ∘
 * p[j+8], p[j] ∘ p[j+4], p[j] ∘ p[j+2], p[0] ∘ p[1]. SUM_SQUARE adds by fma. Along an outer axis:
 * one chain ascending per column, starting with the neutral element.
 */
public interface ReduceKernel {
  /** Reduces each row of {@code x[rows, length]} to {@code y[rows]}. */
  void rows(ReduceFunction f, float[] x, int xOffset, int rows, int length, float[] y, int yOffset);

  /** Reduces {@code x[outer, length, inner]} along its middle axis to {@code y[outer, inner]}. */
  void columns(
      ReduceFunction f,
      float[] x,
      int xOffset,
      int outer,
      int length,
      int inner,
      float[] y,
      int yOffset);
}
