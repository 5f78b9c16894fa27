package io.sparkonnx.engine.device;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jocl.CL;
import org.jocl.cl_event;

/**
 * How commands are waited for: by asking for their state, since a wait of OpenCL's ends with
 * nothing else.
 *
 * @param limitNanos for so long a wait goes on without progress
 * @param question asked again and again; throws to end the wait
 * @param progress whether another command has ended since it was last asked
 */
record Waiting(long limitNanos, Runnable question, BooleanSupplier progress) {
  private static final int SPINS = 200;
  private static final int POLLS_PER_QUESTION_OF_PROGRESS = 64;
  private static final long PAUSE_NANOS = 50_000;

  /** A wait that nothing but the limit ends. */
  static Waiting atMost(long limitNanos) {
    return new Waiting(limitNanos, () -> {}, () -> false);
  }

  /**
   * @return the command's state: {@code CL_COMPLETE}, the status with which it failed, or a greater
   *     number where the limit has passed
   */
  int until(Driver driver, cl_event event) {
    long start = System.nanoTime();
    int[] state = new int[1];
    for (int polls = 1; ; polls++) {
      int asked = driver.state(event, state);
      if (asked != CL.CL_SUCCESS) {
        return asked;
      }
      if (state[0] <= CL.CL_COMPLETE) {
        return state[0];
      }
      question.run();
      if (polls % POLLS_PER_QUESTION_OF_PROGRESS == 0 && progress.getAsBoolean()) {
        start = System.nanoTime();
      }
      if (System.nanoTime() - start > limitNanos) {
        return state[0];
      }
      if (polls > SPINS) {
        LockSupport.parkNanos(PAUSE_NANOS);
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
