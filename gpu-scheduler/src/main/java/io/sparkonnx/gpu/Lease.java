package io.sparkonnx.gpu;

import java.util.function.BooleanSupplier;

/**
 * The right to use bytes of a device until it is closed, by any thread and any number of times. Who
 * closes it has freed the bytes on the device before.
 */
public final class Lease implements AutoCloseable {
  private final DeviceLeases leases;
  private final Ticket ticket;

  Lease(DeviceLeases leases, Ticket ticket) {
    this.leases = leases;
    this.ticket = ticket;
  }

  public String device() {
    return ticket.device();
  }

  public long bytes() {
    return ticket.request().bytes();
  }

  /** Nanoseconds from the request to the grant. */
  public long waitedNanos() {
    return ticket.waitedNanos();
  }

  /**
   * Closes the lease once its bytes are free on the device; for bytes that work still uses which
   * nobody waits for. Does not wait.
   *
   * @param free asked now, and by whoever wants the device's bytes until it says so; does not throw
   */
  public void closeWhen(BooleanSupplier free) {
    leases.closeWhen(ticket, free);
  }

  @Override
  public void close() {
    leases.close(ticket);
  }
}
