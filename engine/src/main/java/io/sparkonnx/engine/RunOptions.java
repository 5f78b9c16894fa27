package io.sparkonnx.engine;

import java.util.function.BooleanSupplier;

/**
 * Bounds on one run.
 *
 * @param deadline {@link System#nanoTime} after which the run stops, or {@link #NO_DEADLINE}
 * @param cancelled asked between steps and blocks of rows; true stops the run
 * @param maxBytes bytes of intermediate values, outputs included
 */
public record RunOptions(long deadline, BooleanSupplier cancelled, long maxBytes) {
  public static final long NO_DEADLINE = Long.MAX_VALUE;
  public static final RunOptions DEFAULT = new RunOptions(NO_DEADLINE, () -> false, Long.MAX_VALUE);

  public RunOptions withDeadline(long nanoTime) {
    return new RunOptions(nanoTime, cancelled, maxBytes);
  }

  public RunOptions withCancelled(BooleanSupplier question) {
    return new RunOptions(deadline, question, maxBytes);
  }

  public RunOptions withMaxBytes(long bytes) {
    return new RunOptions(deadline, cancelled, bytes);
  }
}
