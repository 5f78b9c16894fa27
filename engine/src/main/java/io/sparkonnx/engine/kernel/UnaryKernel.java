package io.sparkonnx.engine.kernel;

/** y[i] = f(x[i]) over a contiguous run. */
public interface UnaryKernel {
  /**
   * Applies {@code f} to {@code x[xOffset, xOffset+length)} and writes {@code y[yOffset,
   * yOffset+length)}. {@code x} and {@code y} may be the same run (in place) but must not overlap
   * otherwise. Nothing outside the run of {@code y} is written.
   */
  void apply(
      UnaryFunction f,
      float alpha,
      float beta,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      int length);
}
