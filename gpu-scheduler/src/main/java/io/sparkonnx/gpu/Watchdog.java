package io.sparkonnx.gpu;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Waits for work on a device by asking whether it is done, since a kernel that hangs can be neither
 * killed nor interrupted.
 */
public final class Watchdog {
  /** How a wait ended. */
  public enum Outcome {
    DONE,
    /** The caller asked to stop. The work goes on and still uses its memory. */
    CANCELLED,
    /** The work took longer than the limit; the device is not to be used any more. */
    HUNG
  }

  private static final long FIRST_PAUSE_NANOS = 20_000;
  private static final long LAST_PAUSE_NANOS = 1_000_000;

  private final WaitClock clock;
  private final Duration limit;
  private final Consumer<String> hung;

  /**
   * @param limit how long one piece of work may take
   * @param hung takes the reason why the device is to be quarantined
   */
  public Watchdog(WaitClock clock, Duration limit, Consumer<String> hung) {
    this.clock = clock;
    this.limit = limit;
    this.hung = hung;
  }

  /**
   * Waits for one piece of work.
   *
   * @param work its name, for the reason
   * @param done whether it is done; asked every 20 µs at first, every 1 ms later
   * @param cancelled whether the caller wants to stop; asked as often
   */
  public Outcome await(String work, BooleanSupplier done, BooleanSupplier cancelled)
      throws InterruptedException {
    long start = clock.nanoTime();
    long pause = FIRST_PAUSE_NANOS;
    while (!done.getAsBoolean()) {
      if (cancelled.getAsBoolean()) {
        return Outcome.CANCELLED;
      }
      if (clock.nanoTime() - start >= limit.toNanos()) {
        hung.accept(work + " is not done after " + limit.toMillis() + " ms");
        return Outcome.HUNG;
      }
      clock.pause(pause);
      pause = Math.min(2 * pause, LAST_PAUSE_NANOS);
    }
    return Outcome.DONE;
  }
}
