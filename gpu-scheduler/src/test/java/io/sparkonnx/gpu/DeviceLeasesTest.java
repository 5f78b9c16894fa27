package io.sparkonnx.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.gpu.GpuException.Code;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waiting for leases; time is a fake one. */
@Timeout(60)
class DeviceLeasesTest {
  private final FakeClock clock = new FakeClock();
  private final DeviceLeases leases =
      new DeviceLeases(List.of(DeviceBudget.ofBytes("gpu", 1000, 100, 0)), 8, clock);
  private final LeaseRequest request = LeaseRequest.of("gpu", 60, 7);
  private Lease held;

  @BeforeEach
  void somebodyHoldsBytes() throws InterruptedException {
    held = leases.acquire(LeaseRequest.of("gpu", 70, 1));
  }

  private void nothingIsLeftOver() {
    assertThat(leases.waiting()).isZero();
    assertThat(leases.figures("gpu").heldBytes()).isEqualTo(70);
  }

  @Test
  void bytesThatAreFreeAreGrantedAtOnce() throws InterruptedException {
    Lease lease = leases.acquire(LeaseRequest.of("gpu", 30, 7));
    assertThat(lease.device()).isEqualTo("gpu");
    assertThat(lease.bytes()).isEqualTo(30);
    assertThat(lease.waitedNanos()).isZero();
  }

  @Test
  void aRequestWaitsUntilBytesAreGivenBack() throws InterruptedException {
    clock.at(1234, held::close);
    assertThat(leases.acquire(request).waitedNanos()).isEqualTo(1_234_000_000L);
  }

  @Test
  void aCancelledRequestLeavesWithinATenthOfASecond() {
    boolean[] cancelled = {false};
    clock.at(250, () -> cancelled[0] = true);
    assertThatThrownBy(() -> leases.acquire(request.cancelledBy(() -> cancelled[0])))
        .hasMessage("cancelled while it waited for 60 bytes of gpu")
        .extracting("code")
        .isEqualTo(Code.CANCELLED);
    assertThat(clock.millis()).isBetween(250L, 350L);
    nothingIsLeftOver();
  }

  @Test
  void aRequestCancelledBeforeItComesIsRefusedThoughBytesAreFree() {
    assertThatThrownBy(() -> leases.acquire(LeaseRequest.of("gpu", 1, 7).cancelledBy(() -> true)))
        .extracting("code")
        .isEqualTo(Code.CANCELLED);
    nothingIsLeftOver();
  }

  @Test
  void anExceptionOfThePollEndsTheWait() {
    RuntimeException killed = new IllegalStateException("task killed");
    boolean[] kill = {false};
    clock.at(250, () -> kill[0] = true);
    assertThatThrownBy(
            () ->
                leases.acquire(
                    request.cancelledBy(
                        () -> {
                          if (kill[0]) {
                            throw killed;
                          }
                          return false;
                        })))
        .isSameAs(killed);
    nothingIsLeftOver();
  }

  @Test
  void anInterruptEndsTheWait() {
    clock.at(250, Thread.currentThread()::interrupt);
    assertThatThrownBy(() -> leases.acquire(request)).isInstanceOf(InterruptedException.class);
    assertThat(clock.millis()).isEqualTo(250);
    nothingIsLeftOver();
  }

  @Test
  void aGrantThatMeetsAnInterruptIsGivenBack() {
    clock.at(
        250,
        () -> {
          held.close();
          Thread.currentThread().interrupt();
        });
    assertThatThrownBy(() -> leases.acquire(request)).isInstanceOf(InterruptedException.class);
    assertThat(leases.figures("gpu").heldBytes()).isZero();
  }

  @Test
  void aRequestThatWaitedTooLongNamesWhoHoldsTheBytes() {
    assertThatThrownBy(() -> leases.acquire(request.within(Duration.ofMillis(1250))))
        .hasMessage(
            "waited 1250 ms for 60 bytes of gpu; 1 leases hold 70 bytes of the 100 bytes of 'gpu'")
        .extracting("code")
        .isEqualTo(Code.TIMED_OUT);
    assertThat(clock.millis()).isEqualTo(1250);
    nothingIsLeftOver();
  }

  @Test
  void anEndlessPatienceIsNoOverflow() throws InterruptedException {
    clock.at(50, held::close);
    Lease lease = leases.acquire(request.within(Duration.ofSeconds(Long.MAX_VALUE)));
    assertThat(lease.waitedNanos()).isEqualTo(50_000_000);
  }

  @Test
  void quarantineEndsTheWait() {
    clock.at(150, () -> leases.quarantine("gpu", "lost"));
    assertThatThrownBy(() -> leases.acquire(request))
        .hasMessage("no device gives 60 bytes: 'gpu' failed (lost)");
    assertThat(clock.millis()).isEqualTo(150);
    nothingIsLeftOver();
  }

  @Test
  void shutdownEndsTheWait() {
    clock.at(150, () -> leases.shutDown("the executor ends"));
    assertThatThrownBy(() -> leases.acquire(request))
        .hasMessage("no leases any more: the executor ends");
    assertThat(clock.millis()).isEqualTo(150);
    nothingIsLeftOver();
  }

  @Test
  void aLeaseClosedTwiceGivesBackOnce() throws InterruptedException {
    leases.acquire(LeaseRequest.of("gpu", 30, 7));
    held.close();
    held.close();
    assertThat(leases.figures("gpu").heldBytes()).isEqualTo(30);
  }

  @Test
  void bytesThatWorkStillUsesAreGrantedWhenItHasEnded() throws InterruptedException {
    boolean[] free = {false};
    held.closeWhen(() -> free[0]);
    assertThat(leases.figures("gpu").heldBytes()).isEqualTo(70);
    clock.at(250, () -> free[0] = true);
    Lease lease = leases.acquire(request);
    assertThat(lease.waitedNanos()).isBetween(250_000_000L, 350_000_000L);
    assertThat(leases.figures("gpu").heldBytes()).isEqualTo(60);
  }

  @Test
  void bytesThatNoWorkUsesAreGivenBackAtOnce() throws InterruptedException {
    held.closeWhen(() -> true);
    assertThat(leases.acquire(request).waitedNanos()).isZero();
  }

  @Test
  void figuresCountBytesThatWorkUsedAndThatAreFreeSince() {
    boolean[] free = {false};
    held.closeWhen(() -> free[0]);
    free[0] = true;
    assertThat(leases.figures("gpu").heldBytes()).isZero();
    held.close();
    assertThat(leases.figures("gpu").leases()).isZero();
  }

  @Test
  void bytesThatStayedAndAreLeavingAreWaitedFor() throws InterruptedException {
    held.close();
    Lease weights = leases.acquire(LeaseRequest.resident("gpu", 70));
    LeaseRequest others = LeaseRequest.resident("gpu", 60);
    assertThatThrownBy(() -> leases.acquire(others)).extracting("code").isEqualTo(Code.OVER_BUDGET);
    boolean[] free = {false};
    weights.closeWhen(() -> free[0]);
    clock.at(250, () -> free[0] = true);
    assertThat(leases.acquire(others).waitedNanos()).isBetween(250_000_000L, 350_000_000L);
    assertThat(leases.figures("gpu").residentBytes()).isEqualTo(60);
  }

  @Test
  void figuresTellWhatHappened() throws InterruptedException {
    clock.at(20, held::close);
    leases.acquire(request).close();
    leases.countRetry("gpu");
    leases.acquire(LeaseRequest.of("gpu", 5, 2));
    assertThat(leases.figures("gpu"))
        .isEqualTo(
            new DeviceFigures("gpu", 100, 5, 0, 70, 1, 0, 3, 20_000_000, 1, Optional.empty()));
  }

  @Test
  void figuresTellWhyADeviceIsNotUsed() {
    leases.quarantine("gpu", "lost");
    assertThat(leases.figures("gpu").quarantine()).contains("lost");
  }

  @Test
  void aRequestForNothingIsRefused() {
    assertThatThrownBy(() -> LeaseRequest.of("gpu", 0, 1))
        .hasMessage("a lease asks for at least 1 byte, not for 0");
  }

  @Test
  void aRequestNamesADeviceOnce() {
    assertThatThrownBy(() -> LeaseRequest.ofAny(List.of("gpu", "gpu"), 1, 1))
        .hasMessage("a lease asks for devices, each once, not for [gpu, gpu]");
  }
}
