package io.sparkonnx.gpu;

import java.util.Optional;

/** The bytes of one device and what was counted there. Owned by {@link Admission}. */
final class DeviceState {
  private final DeviceBudget budget;
  private long heldBytes;
  private long residentBytes;
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

  /** Bytes of the leases that stay. */
  long residentBytes() {
    return residentBytes;
  }

  void take(Ticket ticket, long now) {
    ticket.grant(name(), now);
    heldBytes += ticket.request().bytes();
    residentBytes += ticket.stays() ? ticket.request().bytes() : 0;
    peakBytes = Math.max(peakBytes, heldBytes);
    leases++;
    granted++;
    waitedNanos += ticket.waitedNanos();
  }

  void giveBack(Ticket ticket) {
    leave(ticket);
    heldBytes -= ticket.request().bytes();
    leases--;
  }

  /** What is to be given back stays no longer. */
  void leave(Ticket ticket) {
    residentBytes -= ticket.stays() ? ticket.request().bytes() : 0;
    ticket.leave();
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
        residentBytes,
        peakBytes,
        leases,
        waiting,
        granted,
        waitedNanos,
        retries,
        Optional.ofNullable(quarantine));
  }
}
