package io.sparkonnx.gpu;

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

  @Override
  public void close() {
    leases.close(ticket);
  }
}
