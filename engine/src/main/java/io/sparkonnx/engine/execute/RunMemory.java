package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.OnnxException.Code;
import io.sparkonnx.engine.RunOptions;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes that all workers of one run hold together, and its results. One thread asks at a time,
 * which may take long; an interrupt ends the waiting of the others.
 */
final class RunMemory {
  private final RunOptions options;
  private final long[] held;
  private final ReentrantLock asking = new ReentrantLock();
  private long results;

  /**
   * @param held bytes that each worker holds when the run begins
   */
  RunMemory(RunOptions options, long[] held) {
    this.options = options;
    this.held = held;
  }

  /**
   * Asks for the results' bytes, before workers ask.
   *
   * @throws OnnxException LIMIT_EXCEEDED, and what {@link RunOptions#memory} throws
   */
  void results(long bytes) {
    results = bytes;
    ask();
  }

  /**
   * Asks for what {@code worker} is to hold in all.
   *
   * @throws OnnxException as {@link #results}; CANCELLED where the thread is interrupted
   */
  void hold(int worker, long bytes) {
    try {
      asking.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OnnxException(Code.CANCELLED, "the run was interrupted", e);
    }
    try {
      if (held[worker] != bytes) {
        held[worker] = bytes;
        ask();
      }
    } finally {
      asking.unlock();
    }
  }

  private void ask() {
    long bytes = results;
    for (long one : held) {
      bytes += one;
    }
    if (bytes > options.maxBytes()) {
      throw new OnnxException(
          Code.LIMIT_EXCEEDED,
          "the run needs " + bytes + " bytes, at most " + options.maxBytes() + " are allowed");
    }
    options.memory().accept(bytes);
  }
}
