package io.sparkonnx.engine.device;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether a device works. A lost or hung one is marked, once and for ever, and fails every later
 * call in the same way.
 */
final class Health {
  private final String device;
  private final Probe probe;
  private final AtomicReference<DeviceException> failure = new AtomicReference<>();

  /**
   * @param device its id, for messages
   */
  Health(String device, Probe probe) {
    this.device = device;
    this.probe = probe;
  }

  /** Why the device is not used again; null for one that works. */
  DeviceException failure() {
    return failure.get();
  }

  /**
   * @throws DeviceException if the device has failed
   */
  void require() {
    DeviceException failed = failure.get();
    if (failed != null) {
      throw failed.again();
    }
  }

  /**
   * What a status means. Statuses that mean missing memory come from a lost device too; a probe
   * tells which.
   *
   * @param what what was tried, for the message
   */
  DeviceException failure(int status, String what) {
    DeviceException known = failure.get();
    if (known != null) {
      return known.again();
    }
    DeviceException told = Status.failure(status, what + " on " + device);
    return switch (told.code()) {
      case OUT_OF_MEMORY ->
          switch (probe.run()) {
            case WORKS -> told;
            case FAILS -> mark(DeviceException.Code.LOST, told.getMessage(), status);
            case DOES_NOT_END -> mark(DeviceException.Code.HUNG, told.getMessage(), status);
          };
      case LOST -> mark(DeviceException.Code.LOST, told.getMessage(), status);
      default -> told;
    };
  }

  /** Work that did not end within a limit. */
  DeviceException hung(String what, Waiting waiting) {
    long millis = waiting.limitNanos() / 1_000_000;
    String message = what + " on " + device + " did not end in " + millis + " ms";
    return mark(DeviceException.Code.HUNG, message, 0);
  }

  boolean isHung() {
    DeviceException failed = failure.get();
    return failed != null && failed.code() == DeviceException.Code.HUNG;
  }

  private DeviceException mark(DeviceException.Code code, String message, int status) {
    DeviceException first = new DeviceException(code, message, status);
    return failure.compareAndSet(null, first) ? first : failure.get().again();
  }
}
