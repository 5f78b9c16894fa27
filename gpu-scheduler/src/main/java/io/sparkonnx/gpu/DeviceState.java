package io.sparkonnx.gpu;

import java.util.Optional;

/** The bytes of one device and what was counted there. Owned by {@link Admission}. */
final class DeviceState {
  private final DeviceBudget budget;
  private long heldBytes;
  private long peakBytes;
  private int leases;
  private long granted;
  private long waitedNanos;
  private long retries;
  private String quarantine;

  DeviceState(DeviceBudget budget) {
    this.budget = budget;
  }

  DeviceBudget budget() {
    return budget;
  }

  String name() {
    return budget.device();
  }

  long freeBytes() {
    return budget.bytes() - heldBytes;
  }

  String quarantine() {
    return quarantine;
  }

  /** Whether the request could ever be granted here. */
  boolean canHold(LeaseRequest request) {
    return quarantine == null && request.bytes() <= budget.bytes();
  }

  void take(Ticket ticket, long now) {
    ticket.grant(name(), now);
    heldBytes += ticket.request().bytes();
    peakBytes = Math.max(peakBytes, heldBytes);
    leases++;
    granted++;
    waitedNanos += ticket.waitedNanos();
  }

  void giveBack(Ticket ticket) {
    heldBytes -= ticket.request().bytes();
    leases--;
  }

  void countRetry() {
    retries++;
  }

  /** The first reason stays. */
  void quarantine(String reason) {
    if (quarantine == null) {
      quarantine = reason;
    }
  }

  DeviceFigures figures(int waiting) {
    return new DeviceFigures(
        name(),
        budget.bytes(),
        heldBytes,
        peakBytes,
        leases,
        waiting,
        granted,
        waitedNanos,
        retries,
        Optional.ofNullable(quarantine));
  }
}
