package io.sparkonnx.gpu;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;

/** Time that passes only where somebody waits, for one thread; events happen at their time. */
final class FakeClock implements WaitClock {
  private record Event(long nanos, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::nanos));
  private long now = 1_000_000_007L;
  private final long start = now;

  /** Lets something happen so many milliseconds after the start. */
  FakeClock at(long millis, Runnable action) {
    events.add(new Event(start + millis * 1_000_000, action));
    return this;
  }

  long millis() {
    return (now - start) / 1_000_000;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void await(Condition condition, long nanos) throws InterruptedException {
    long end = now + nanos;
    if (events.isEmpty() || events.peek().nanos() > end) {
      now = end;
    } else {
      now = Math.max(now, events.peek().nanos());
      events.poll().action().run();
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}
