package io.sparkonnx.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.gpu.GpuException.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who gets bytes next. */
class AdmissionTest {
  private static final List<String> BOTH = List.of("a", "b");

  private static Admission oneDevice(int maxPasses) {
    return new Admission(List.of(DeviceBudget.ofBytes("a", 1000, 100, 0)), maxPasses);
  }

  private static Admission twoDevices() {
    return new Admission(
        List.of(DeviceBudget.ofBytes("a", 1000, 100, 0), DeviceBudget.ofBytes("b", 1000, 100, 0)),
        8);
  }

  private static Ticket ask(Admission admission, long bytes, long priority) {
    return admission.submit(LeaseRequest.of("a", bytes, priority), 0);
  }

  private static Ticket ask(Admission admission, List<String> devices, long bytes) {
    return admission.submit(LeaseRequest.ofAny(devices, bytes, 0), 0);
  }

  @Test
  void theOlderTaskGoesFirst() {
    Admission admission = oneDevice(8);
    Ticket first = ask(admission, 100, 1);
    Ticket young = ask(admission, 100, 7);
    Ticket old = ask(admission, 100, 3);
    assertThat(admission.close(first, 0)).containsExactly(old);
    assertThat(admission.close(old, 0)).containsExactly(young);
  }

  @Test
  void equalTasksGoInTheOrderOfArrival() {
    Admission admission = oneDevice(8);
    Ticket first = ask(admission, 100, 1);
    Ticket second = ask(admission, 100, 1);
    Ticket third = ask(admission, 100, 1);
    assertThat(admission.close(first, 0)).containsExactly(second);
    assertThat(admission.close(second, 0)).containsExactly(third);
  }

  @Test
  void everythingThatFitsIsGrantedAtOnce() {
    Admission admission = oneDevice(8);
    Ticket first = ask(admission, 100, 1);
    Ticket second = ask(admission, 60, 2);
    Ticket third = ask(admission, 40, 3);
    Ticket fourth = ask(admission, 1, 4);
    assertThat(admission.close(first, 0)).containsExactly(second, third);
    assertThat(fourth.state()).isEqualTo(Ticket.State.WAITING);
  }

  @Test
  void aSmallRequestDoesNotOvertakeTheLargeOneInFront() {
    Admission admission = oneDevice(8);
    ask(admission, 50, 1);
    Ticket large = ask(admission, 60, 2);
    Ticket small = ask(admission, 10, 3);
    assertThat(large.state()).isEqualTo(Ticket.State.WAITING);
    assertThat(small.state()).isEqualTo(Ticket.State.WAITING);
  }

  @Test
  void aLargeRequestThatGivesUpLetsTheSmallOnePass() {
    Admission admission = oneDevice(8);
    ask(admission, 50, 1);
    Ticket large = ask(admission, 60, 2);
    Ticket small = ask(admission, 10, 3);
    assertThat(admission.close(large, 0)).containsExactly(small);
  }

  @Test
  void aYoungTaskIsPassedNoMoreOftenThanAllowed() {
    Admission admission = oneDevice(3);
    Ticket running = ask(admission, 100, 1);
    Ticket young = ask(admission, 100, 9);
    int passes = 0;
    while (young.state() == Ticket.State.WAITING) {
      Ticket next = ask(admission, 100, 1);
      admission.close(running, 0);
      running = next;
      passes++;
    }
    assertThat(passes).isEqualTo(4);
    assertThat(young.passes()).isEqualTo(3);
  }

  @Test
  void withoutPassesTheOrderIsThatOfArrival() {
    Admission admission = oneDevice(0);
    Ticket first = ask(admission, 100, 5);
    Ticket young = ask(admission, 100, 9);
    ask(admission, 100, 1);
    assertThat(admission.close(first, 0)).containsExactly(young);
  }

  @Test
  void ofSeveralDevicesTheOneWithMostFreeBytesIsGranted() {
    Admission admission = twoDevices();
    ask(admission, 10, 1);
    assertThat(ask(admission, BOTH, 20).device()).isEqualTo("b");
    assertThat(ask(admission, BOTH, 20).device()).isEqualTo("a");
  }

  @Test
  void ofEquallyFreeDevicesTheFirstOneNamedIsGranted() {
    assertThat(ask(twoDevices(), List.of("b", "a"), 20).device()).isEqualTo("b");
  }

  @Test
  void aRequestThatWaitsForOneDeviceLeavesTheOtherToThoseBehind() {
    Admission admission = twoDevices();
    ask(admission, List.of("a"), 80);
    ask(admission, List.of("a"), 80);
    assertThat(ask(admission, BOTH, 10).device()).isEqualTo("b");
  }

  @Test
  void aDeviceTooSmallIsNotConsidered() {
    Admission admission =
        new Admission(
            List.of(
                DeviceBudget.ofBytes("a", 1000, 100, 0), DeviceBudget.ofBytes("b", 1000, 200, 0)),
            8);
    ask(admission, List.of("b"), 150);
    Ticket large = ask(admission, BOTH, 150);
    assertThat(large.state()).isEqualTo(Ticket.State.WAITING);
    assertThat(ask(admission, BOTH, 50).device()).isEqualTo("a");
  }

  @Test
  void aRequestOverTheBudgetFailsAtOnceWithItsFigures() {
    Admission admission =
        new Admission(List.of(DeviceBudget.ofBytes("a", 16_000_000, 12_000_000, 2_000_000)), 8);
    assertThatThrownBy(() -> ask(admission, 10_000_001, 1))
        .hasMessage(
            "no device gives 10,000,001 bytes: 'a' has a budget of 10,000,000 bytes of its"
                + " 16,000,000 bytes")
        .extracting("code")
        .isEqualTo(Code.OVER_BUDGET);
  }

  @Test
  void theWholeBudgetMayBeAskedFor() {
    assertThat(ask(oneDevice(8), 100, 1).state()).isEqualTo(Ticket.State.HELD);
  }

  @Test
  void anUnknownDeviceNamesThoseThatAreKnown() {
    Admission admission = twoDevices();
    assertThatThrownBy(() -> ask(admission, List.of("a", "c"), 1))
        .hasMessage("no device 'c', only [a, b]")
        .extracting("code")
        .isEqualTo(Code.UNKNOWN_DEVICE);
  }

  @Test
  void quarantineFailsThoseThatWaitForTheDevice() {
    Admission admission = oneDevice(8);
    ask(admission, 100, 1);
    Ticket waiting = ask(admission, 50, 2);
    assertThat(admission.quarantine("a", "kernel hung", 0)).containsExactly(waiting);
    assertThat(waiting.failure())
        .hasMessage("no device gives 50 bytes: 'a' failed (kernel hung)")
        .extracting("code")
        .isEqualTo(Code.QUARANTINED);
  }

  @Test
  void quarantineLeavesThoseThatAnotherDeviceWouldDoFor() {
    Admission admission = twoDevices();
    Ticket first = ask(admission, List.of("b"), 100);
    ask(admission, List.of("a"), 100);
    Ticket waiting = ask(admission, BOTH, 50);
    assertThat(admission.quarantine("a", "lost", 0)).isEmpty();
    assertThat(admission.close(first, 0)).containsExactly(waiting);
    assertThat(waiting.device()).isEqualTo("b");
  }

  @Test
  void quarantineOpensOtherDevicesToThoseBehindTheOneThatFails() {
    Admission admission = twoDevices();
    ask(admission, List.of("a"), 90);
    Ticket old = ask(admission, List.of("a"), 20);
    Ticket behind = ask(admission, List.of("b"), 20);
    assertThat(behind.state()).isEqualTo(Ticket.State.HELD);
    assertThat(admission.quarantine("a", "lost", 0)).containsExactly(old);
  }

  @Test
  void aQuarantinedDeviceIsAskedInVain() {
    Admission admission = oneDevice(8);
    admission.quarantine("a", "lost", 0);
    admission.quarantine("a", "a later reason", 0);
    assertThatThrownBy(() -> ask(admission, 1, 1))
        .hasMessage("no device gives 1 bytes: 'a' failed (lost)")
        .extracting("code")
        .isEqualTo(Code.QUARANTINED);
  }

  @Test
  void aLeaseOnAQuarantinedDeviceIsGivenBack() {
    Admission admission = oneDevice(8);
    Ticket held = ask(admission, 100, 1);
    admission.quarantine("a", "lost", 0);
    admission.close(held, 0);
    assertThat(admission.device("a").freeBytes()).isEqualTo(100);
  }

  @Test
  void shutdownFailsThoseThatWaitAndThoseThatCome() {
    Admission admission = oneDevice(8);
    ask(admission, 100, 1);
    Ticket waiting = ask(admission, 50, 2);
    assertThat(admission.shutDown("the executor ends")).containsExactly(waiting);
    assertThat(waiting.failure()).hasMessage("no leases any more: the executor ends");
    assertThatThrownBy(() -> ask(admission, 1, 1))
        .hasMessage("no leases any more: the executor ends")
        .extracting("code")
        .isEqualTo(Code.SHUT_DOWN);
  }

  @Test
  void aTicketClosedTwiceGivesBackOnce() {
    Admission admission = oneDevice(8);
    Ticket held = ask(admission, 60, 1);
    ask(admission, 40, 2);
    admission.close(held, 0);
    admission.close(held, 0);
    assertThat(admission.device("a").freeBytes()).isEqualTo(60);
  }

  @Test
  void aDeviceHasOneBudget() {
    DeviceBudget budget = DeviceBudget.ofBytes("a", 10, 10, 0);
    assertThatThrownBy(() -> new Admission(List.of(budget, budget), 8))
        .hasMessage("device 'a' has two budgets");
  }

  private static Ticket askToStay(Admission admission, long bytes) {
    return admission.submit(LeaseRequest.resident("a", bytes), 0);
  }

  @Test
  void bytesThatStayGoBeforeEveryBatch() {
    Admission admission = oneDevice(0);
    Ticket first = ask(admission, 80, 1);
    Ticket second = ask(admission, 60, 1);
    Ticket weights = askToStay(admission, 40);
    assertThat(admission.close(first, 0)).containsExactly(weights, second);
  }

  @Test
  void bytesThatStayAreNoPass() {
    Admission admission = oneDevice(1);
    ask(admission, 80, 1);
    Ticket waiting = ask(admission, 30, 1);
    askToStay(admission, 10);
    assertThat(waiting.passes()).isZero();
  }

  @Test
  void bytesThatStayAndDoNotFitBesideOthersAreRefusedAtOnce() {
    Admission admission = oneDevice(8);
    askToStay(admission, 70);
    assertThatThrownBy(() -> askToStay(admission, 40))
        .hasMessage(
            "no device gives 40 bytes: 'a' has a budget of 100 bytes of its 1,000 bytes, of which"
                + " weights take 70 bytes")
        .extracting("code")
        .isEqualTo(Code.OVER_BUDGET);
  }

  @Test
  void bytesThatWaitToStayCountAsThoseThatDo() {
    Admission admission = oneDevice(8);
    ask(admission, 90, 1);
    assertThat(askToStay(admission, 70).state()).isEqualTo(Ticket.State.WAITING);
    assertThatThrownBy(() -> askToStay(admission, 40)).isInstanceOf(GpuException.class);
  }

  @Test
  void aWaitingBatchThatBytesThatStayLeaveNoRoomForFails() {
    Admission admission = oneDevice(8);
    ask(admission, 50, 1);
    Ticket batch = ask(admission, 80, 1);
    askToStay(admission, 30);
    assertThat(batch.state()).isEqualTo(Ticket.State.FAILED);
    assertThat(batch.failure().code()).isEqualTo(Code.OVER_BUDGET);
  }

  @Test
  void bytesThatStayedAreFreeWhenTheirLeaseIsClosed() {
    Admission admission = oneDevice(8);
    Ticket weights = askToStay(admission, 70);
    assertThatThrownBy(() -> ask(admission, 40, 1)).isInstanceOf(GpuException.class);
    admission.close(weights, 0);
    assertThat(ask(admission, 40, 1).state()).isEqualTo(Ticket.State.HELD);
  }
}
