package io.sparkonnx.engine.kernel;

/** y[i] = f(a[i·aStep], b[i·bStep]) over a contiguous run of y. */
public interface BinaryKernel {
  /**
   * Writes {@code y[yOffset, yOffset+length)}. {@code aStep} and {@code bStep} are 1 (a run) or 0
   * (one element for all). {@code y} may be the same run as {@code a} or {@code b} (in place).
   * Nothing outside the run of {@code y} is written.
   */
  void apply(
      BinaryFunction f,
      float[] a,
      int aOffset,
      int aStep,
      float[] b,
      int bOffset,
      int bStep,
      float[] y,
      int yOffset,
      int length);
}
