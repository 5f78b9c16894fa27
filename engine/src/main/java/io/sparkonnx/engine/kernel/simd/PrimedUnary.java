package io.sparkonnx.engine.kernel.simd;

import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.UnaryKernel;

/**
 * Spares callers the time before the JIT compiler has translated a vector loop, when it runs a
 * thousand times slower than plain Java.
 *
 * <p>Until a function's vector loop was seen to be the faster, most of each run goes to the scalar
 * twin, whose bits are the same, and one vector here and there leads the loop to the compiler. The
 * state is shared by all threads without synchronisation: a lost update only delays the switch.
 */
final class PrimedUnary implements UnaryKernel {
  /** Elements between two vectors while a loop is not ready, at first. */
  private static final int STRIDE = 256;

  /** Times in a row that the vector loop has to win. */
  private static final int WINS = 3;

  private final UnaryKernel vectors;
  private final UnaryKernel scalar;
  private final int slice;
  private final int[] wins = new int[UnaryFunction.values().length];
  private final int[] trials = new int[UnaryFunction.values().length];

  /**
   * @param slice elements per trial of the vector loop
   */
  PrimedUnary(UnaryKernel vectors, UnaryKernel scalar, int slice) {
    this.vectors = vectors;
    this.scalar = scalar;
    this.slice = slice;
  }

  @Override
  public void apply(
      UnaryFunction f,
      float alpha,
      float beta,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      int length) {
    int done = 0;
    int id = f.ordinal();
    while (wins[id] < WINS && length - done >= 2 * slice) {
      long start = System.nanoTime();
      vectors.apply(f, alpha, beta, x, xOffset + done, y, yOffset + done, slice);
      long middle = System.nanoTime();
      done += slice;
      scalar.apply(f, alpha, beta, x, xOffset + done, y, yOffset + done, slice);
      long end = System.nanoTime();
      done += slice;
      wins[id] = middle - start <= end - middle ? wins[id] + 1 : 0;
      int between = Math.min(length - done, Math.max(STRIDE, trials[id]++));
      scalar.apply(f, alpha, beta, x, xOffset + done, y, yOffset + done, between);
      done += between;
    }
    UnaryKernel rest = wins[id] < WINS ? scalar : vectors;
    rest.apply(f, alpha, beta, x, xOffset + done, y, yOffset + done, length - done);
  }

  /** Whether runs of {@code f} go to the vector loop. */
  boolean isReady(UnaryFunction f) {
    return wins[f.ordinal()] >= WINS;
  }
}
