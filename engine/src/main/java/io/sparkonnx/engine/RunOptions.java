package io.sparkonnx.engine;

import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Bounds on one run.
 *
 * @param deadline {@link System#nanoTime} after which the run stops, or {@link #NO_DEADLINE}
 * @param cancelled asked between steps and blocks of rows; true stops the run
 * @param maxBytes bytes that the session's working memory, of all its threads, and this run's
 *     outputs may take together
 * @param memory told these bytes before anything large is allocated, by one thread at a time;
 *     refuses by throwing
 */
public record RunOptions(
    long deadline, BooleanSupplier cancelled, long maxBytes, LongConsumer memory) {
  public static final long NO_DEADLINE = Long.MAX_VALUE;
  public static final RunOptions DEFAULT =
      new RunOptions(NO_DEADLINE, () -> false, Long.MAX_VALUE, bytes -> {});

  public RunOptions withDeadline(long nanoTime) {
    return new RunOptions(nanoTime, cancelled, maxBytes, memory);
  }

  public RunOptions withCancelled(BooleanSupplier question) {
    return new RunOptions(deadline, question, maxBytes, memory);
  }

  public RunOptions withMaxBytes(long bytes) {
    return new RunOptions(deadline, cancelled, bytes, memory);
  }

  public RunOptions withMemory(LongConsumer admission) {
    return new RunOptions(deadline, cancelled, maxBytes, admission);
  }
}
