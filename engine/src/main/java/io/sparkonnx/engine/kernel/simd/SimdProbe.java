package io.sparkonnx.engine.kernel.simd;

import io.sparkonnx.engine.kernel.scalar.ScalarRows;

/** Times a SIMD kernel against its scalar twin. */
public final class SimdProbe {
  private static final int LENGTH = 128;
  private static final int CALLS = 50;

  private final float[] x = new float[LENGTH];
  private float sum;

  /**
   * Runs both twins until the SIMD one is the faster, which it becomes when the JIT compiler has
   * translated it, or until {@code limitNanos} have passed.
   *
   * @return whether it became the faster
   */
  public boolean simdBecomesFaster(long limitNanos) {
    long start = System.nanoTime();
    int wins = 0;
    while (wins < 3 && System.nanoTime() - start < limitNanos) {
      wins = simdTime() <= scalarTime() ? wins + 1 : 0;
    }
    return wins == 3 && sum == 0f;
  }

  private long simdTime() {
    long start = System.nanoTime();
    for (int i = 0; i < CALLS; i++) {
      sum += SimdRows.sumSquare(x, 0, LENGTH);
    }
    return System.nanoTime() - start;
  }

  private long scalarTime() {
    long start = System.nanoTime();
    for (int i = 0; i < CALLS; i++) {
      sum += ScalarRows.sumSquare(x, 0, LENGTH);
    }
    return System.nanoTime() - start;
  }
}
