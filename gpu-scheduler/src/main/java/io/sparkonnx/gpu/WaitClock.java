package io.sparkonnx.gpu;

import java.util.concurrent.locks.Condition;

/** Time, and how to let it pass. */
public interface WaitClock {
  /** Nanoseconds since some moment; only differences mean something. */
  long nanoTime();

  /**
   * Waits, at most so many nanoseconds, until the condition is signalled. May return early, so the
   * caller loops. The caller holds the condition's lock.
   */
  void await(Condition condition, long nanos) throws InterruptedException;

  /** The time of this machine. */
  static WaitClock system() {
    return new WaitClock() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      @SuppressWarnings("WaitNotInLoop") // The caller loops.
      public void await(Condition condition, long nanos) throws InterruptedException {
        condition.awaitNanos(nanos);
      }
    };
  }
}
