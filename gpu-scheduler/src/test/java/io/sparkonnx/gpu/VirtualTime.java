package io.sparkonnx.gpu;

import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.function.IntSupplier;

/**
 * Time for several real threads: it passes only when each of them sleeps in it or waits for a
 * lease, so that a slow machine changes no figure.
 */
final class VirtualTime implements WaitClock {
  private final PriorityQueue<Long> sleepers = new PriorityQueue<>();
  private int workers;
  private IntSupplier waiting;
  private volatile long now;

  /**
   * @param threads threads that take part
   * @param waitingForLeases how many of them wait for a lease that is not granted
   */
  void start(int threads, IntSupplier waitingForLeases) {
    workers = threads;
    waiting = waitingForLeases;
  }

  /** One thread does not take part any more. */
  synchronized void leave() {
    workers--;
    notifyAll();
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  @SuppressWarnings("WaitNotInLoop") // The caller loops.
  public void await(Condition condition, long nanos) throws InterruptedException {
    condition.awaitNanos(1_000_000);
  }

  /** Sleeps in this time. */
  synchronized void pause(long nanos) throws InterruptedException {
    Long end = now + nanos;
    sleepers.add(end);
    while (now < end) {
      if (sleepers.peek().equals(end) && sleepers.size() + waiting.getAsInt() == workers) {
        now = end;
        notifyAll();
      } else {
        wait(1);
      }
    }
    sleepers.remove(end);
  }
}
