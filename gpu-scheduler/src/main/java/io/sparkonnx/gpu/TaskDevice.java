package io.sparkonnx.gpu;

/**
 * A device that a task works on until it is closed. Tasks spread over the devices by their number;
 * memory is what leases are for.
 */
public final class TaskDevice implements AutoCloseable {
  private final String name;
  private final DeviceLeases leases;
  private final Runnable leave;
  private boolean closed;

  /**
   * @param leave called once, when the task has done with the device
   */
  public TaskDevice(String name, DeviceLeases leases, Runnable leave) {
    this.name = name;
    this.leases = leases;
    this.leave = leave;
  }

  public String name() {
    return name;
  }

  public DeviceLeases leases() {
    return leases;
  }

  /** Grants nothing more of this device to anybody. */
  public void quarantine(String reason) {
    leases.quarantine(name, reason);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      leave.run();
    }
  }
}
