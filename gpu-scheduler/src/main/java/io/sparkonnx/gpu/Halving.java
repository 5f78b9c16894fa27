package io.sparkonnx.gpu;

import io.sparkonnx.gpu.GpuException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Runs rows in batches that are halved when a device has no memory for them. A size that was too
 * large is not tried again: later batches start with what remained. One instance per task; not
 * thread-safe.
 *
 * @param <R> what one batch gives
 */
public final class Halving<R> {
  /** Runs the rows from {@code from} to before {@code to}. */
  @FunctionalInterface
  public interface Batch<R> {
    R run(int from, int to) throws InterruptedException;
  }

  private final Predicate<? super RuntimeException> outOfMemory;
  private final Consumer<? super R> discard;
  private int limit = Integer.MAX_VALUE;
  private long retries;

  /**
   * @param outOfMemory whether a batch failed for want of memory and may be run again with fewer
   *     rows
   * @param discard takes the results of earlier batches when a later one fails
   */
  public Halving(Predicate<? super RuntimeException> outOfMemory, Consumer<? super R> discard) {
    this.outOfMemory = outOfMemory;
    this.discard = discard;
  }

  /**
   * @param rows number of rows, at least 0
   * @return the results in the order of the rows, which they cover once
   * @throws GpuException OUT_OF_MEMORY with the cause if one row alone has no memory; other
   *     failures of a batch come as they are
   */
  public List<R> run(int rows, Batch<? extends R> batch) throws InterruptedException {
    List<R> results = new ArrayList<>();
    boolean complete = false;
    try {
      for (int from = 0; from < rows; ) {
        int count = Math.min(limit, rows - from);
        try {
          results.add(batch.run(from, from + count));
          from += count;
        } catch (RuntimeException failure) {
          if (!outOfMemory.test(failure)) {
            throw failure;
          }
          halve(from, count, rows, failure);
        }
      }
      complete = true;
      return results;
    } finally {
      if (!complete) {
        results.forEach(discard);
      }
    }
  }

  /** Batches that were run again with fewer rows. */
  public long retries() {
    return retries;
  }

  /** Rows that the next batch has at most. */
  public int rowLimit() {
    return limit;
  }

  private void halve(int from, int count, int rows, RuntimeException failure) {
    if (count == 1) {
      throw new GpuException(
          Code.OUT_OF_MEMORY,
          String.format(
              Locale.ROOT,
              "row %d of %d alone has no memory on the device, after %d halvings: %s",
              from,
              rows,
              retries,
              failure.getMessage()),
          failure);
    }
    retries++;
    limit = (count + 1) / 2;
  }
}
