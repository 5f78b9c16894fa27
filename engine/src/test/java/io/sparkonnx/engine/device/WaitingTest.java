package io.sparkonnx.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jocl.CL;
import org.jocl.cl_event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ends a wait for a command. */
@Timeout(10)
class WaitingTest {
  private static final long LIMIT = TimeUnit.MILLISECONDS.toNanos(40);

  /** A driver whose only command is in some state. */
  private static Driver inState(int status, int... states) {
    AtomicInteger asked = new AtomicInteger();
    return new Driver() {
      @Override
      int state(cl_event event, int[] state) {
        state[0] = states[Math.min(asked.getAndIncrement(), states.length - 1)];
        return status;
      }
    };
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  @Test
  void theCommandsEndEndsIt() {
    Driver driver = inState(CL.CL_SUCCESS, CL.CL_QUEUED, CL.CL_RUNNING, CL.CL_COMPLETE);
    assertThat(Waiting.atMost(LIMIT).until(driver, null)).isEqualTo(CL.CL_COMPLETE);
  }

  @Test
  void theCommandsFailureEndsIt() {
    Driver driver = inState(CL.CL_SUCCESS, CL.CL_RUNNING, -5);
    assertThat(Waiting.atMost(LIMIT).until(driver, null)).isEqualTo(-5);
  }

  @Test
  void aStateThatCannotBeToldEndsIt() {
    assertThat(Waiting.atMost(LIMIT).until(inState(-36, 1), null)).isEqualTo(-36);
  }

  @Test
  void theLimitEndsIt() {
    long start = System.nanoTime();
    Driver driver = inState(CL.CL_SUCCESS, CL.CL_RUNNING);
    assertThat(Waiting.atMost(LIMIT).until(driver, null)).isEqualTo(CL.CL_RUNNING);
    assertThat(millisSince(start)).isBetween(40L, 1000L);
  }

  @Test
  void progressPutsTheLimitOff() {
    long start = System.nanoTime();
    Waiting waiting = new Waiting(LIMIT, () -> {}, () -> millisSince(start) < 200);
    assertThat(waiting.until(inState(CL.CL_SUCCESS, CL.CL_RUNNING), null)).isEqualTo(CL.CL_RUNNING);
    assertThat(millisSince(start)).isBetween(200L, 2000L);
  }

  @Test
  void theQuestionEndsIt() {
    Waiting waiting =
        new Waiting(
            Long.MAX_VALUE,
            () -> {
              throw new IllegalStateException("enough");
            },
            () -> false);
    assertThatThrownBy(() -> waiting.until(inState(CL.CL_SUCCESS, CL.CL_RUNNING), null))
        .hasMessage("enough");
  }
}
