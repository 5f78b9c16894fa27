package io.sparkonnx.benchmarks;

import java.util.function.IntToDoubleFunction;

/** How much work fits into some seconds, and how long a piece of it takes. */
final class TimeBudget {
  /** Long enough for the clock and for a device's start. */
  private static final double ROUND_SECONDS = 0.2;

  private static final int MOST_RUNS = 1000;

  private TimeBudget() {}

  /**
   * The largest of some sizes that is expected to take no longer than a limit, or the smallest one.
   * Sizes are measured in turn, twice each, since a first run builds programs.
   *
   * @param sizes ascending
   * @param limit seconds
   * @param work how much work a size is, in any unit
   * @param seconds does the work of a size and tells how long it took
   */
  static int largest(
      int[] sizes, double limit, IntToDoubleFunction work, IntToDoubleFunction seconds) {
    int known = 0;
    while (known + 1 < sizes.length) {
      double first = seconds.applyAsDouble(sizes[known]);
      double took = Math.min(first, seconds.applyAsDouble(sizes[known]));
      double growth = work.applyAsDouble(sizes[known + 1]) / work.applyAsDouble(sizes[known]);
      if (took * growth > limit) {
        break;
      }
      known++;
    }
    return sizes[known];
  }

  /** Runs of a round for work that takes so many seconds. */
  static int runs(double seconds) {
    return (int) Math.max(1, Math.min(MOST_RUNS, Math.ceil(ROUND_SECONDS / seconds)));
  }

  /** Seconds that work takes. */
  static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) * 1e-9;
  }
}
