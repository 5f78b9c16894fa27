package io.sparkonnx.engine.kernel.simd;

import io.sparkonnx.engine.kernel.scalar.ScalarRows;
import java.util.function.LongSupplier;

/** Times a SIMD kernel against its scalar twin. */
public final class SimdProbe {
  private static final int LENGTH = 128;
  private static final int CALLS = 50;
  private static final int WINS = 3;

  private final float[] x = new float[LENGTH];
  private final LongSupplier spent;
  private float sum;

  /**
   * @param spent nanoseconds that this thread has run so far. Its processor time, not the time of
   *     day: on a busy machine the JIT compiler, which is waited for, gets as little of a processor
   *     as this thread does
   */
  public SimdProbe(LongSupplier spent) {
    this.spent = spent;
  }

  /**
   * Runs both twins until the SIMD one is the faster, which it becomes when the JIT compiler has
   * translated it, or until the thread has run for {@code limitNanos}.
   *
   * @return whether it became the faster
   */
  public boolean simdBecomesFaster(long limitNanos) {
    long start = spent.getAsLong();
    int wins = 0;
    while (wins < WINS && spent.getAsLong() - start < limitNanos) {
      wins = simdTime() <= scalarTime() ? wins + 1 : 0;
    }
    return wins == WINS && sum == 0f;
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
