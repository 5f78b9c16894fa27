package io.sparkonnx.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.gpu.Watchdog.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for work on a device. */
@Timeout(60)
class WatchdogTest {
  private final FakeClock clock = new FakeClock();
  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final List<String> hung = new ArrayList<>();
  private final Watchdog watchdog = new Watchdog(clock, Duration.ofSeconds(10), hung::add);

  private Outcome await() throws InterruptedException {
    return watchdog.await("Conv 'c1'", done::get, cancelled::get);
  }

  @Test
  void workThatIsDoneTakesNoTime() throws InterruptedException {
    done.set(true);
    assertThat(await()).isEqualTo(Outcome.DONE);
    assertThat(clock.millis()).isZero();
  }

  @Test
  void workIsSeenToBeDoneWithinAMillisecond() throws InterruptedException {
    clock.at(9000, () -> done.set(true));
    assertThat(await()).isEqualTo(Outcome.DONE);
    assertThat(clock.millis()).isBetween(9000L, 9001L);
    assertThat(hung).isEmpty();
  }

  @Test
  void workOverTheLimitIsToldOnceWithItsName() throws InterruptedException {
    assertThat(await()).isEqualTo(Outcome.HUNG);
    assertThat(clock.millis()).isBetween(10_000L, 10_001L);
    assertThat(hung).containsExactly("Conv 'c1' is not done after 10000 ms");
  }

  @Test
  void aCancelledWaitEndsWithinAMillisecond() throws InterruptedException {
    clock.at(500, () -> cancelled.set(true));
    assertThat(await()).isEqualTo(Outcome.CANCELLED);
    assertThat(clock.millis()).isBetween(500L, 501L);
    assertThat(hung).isEmpty();
  }

  @Test
  void anInterruptEndsTheWait() {
    clock.at(500, Thread.currentThread()::interrupt);
    assertThatThrownBy(this::await).isInstanceOf(InterruptedException.class);
    assertThat(clock.millis()).isEqualTo(500);
  }
}
