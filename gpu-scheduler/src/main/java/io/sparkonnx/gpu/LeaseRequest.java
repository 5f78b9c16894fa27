package io.sparkonnx.gpu;

import io.sparkonnx.gpu.GpuException.Code;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A wish for bytes of one of some devices.
 *
 * @param devices names of the devices that would do, each once
 * @param bytes bytes wanted, at least 1
 * @param priority the task attempt's number: lower is older and goes first
 * @param patience how long the request waits at most
 * @param cancelled asked while the request waits, several times a second, without any lock held;
 *     true or an exception ends the wait
 * @param resident whether the bytes stay when batches are over, as a model's weights do
 */
public record LeaseRequest(
    List<String> devices,
    long bytes,
    long priority,
    Duration patience,
    BooleanSupplier cancelled,
    boolean resident) {
  private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

  public LeaseRequest {
    devices = List.copyOf(devices);
    if (devices.isEmpty() || devices.stream().distinct().count() < devices.size()) {
      throw new GpuException(
          Code.INVALID_SETTING, "a lease asks for devices, each once, not for " + devices);
    }
    if (bytes < 1) {
      throw new GpuException(
          Code.INVALID_SETTING, "a lease asks for at least 1 byte, not for " + bytes);
    }
    if (resident && devices.size() > 1) {
      throw new GpuException(
          Code.INVALID_SETTING, "bytes that stay are asked of one device, not of " + devices);
    }
    if (patience.compareTo(FOR_EVER) > 0) {
      patience = FOR_EVER;
    }
  }

  /** A request for one device that waits until it is granted. */
  public static LeaseRequest of(String device, long bytes, long priority) {
    return ofAny(List.of(device), bytes, priority);
  }

  /** A request for any of several devices that waits until it is granted. */
  public static LeaseRequest ofAny(List<String> devices, long bytes, long priority) {
    return new LeaseRequest(devices, bytes, priority, FOR_EVER, () -> false, false);
  }

  /** A request for bytes of a device that stay, which waits until they are granted. */
  public static LeaseRequest resident(String device, long bytes) {
    return new LeaseRequest(List.of(device), bytes, 0, FOR_EVER, () -> false, true);
  }

  /** The same request with a time to wait. */
  public LeaseRequest within(Duration time) {
    return new LeaseRequest(devices, bytes, priority, time, cancelled, resident);
  }

  /** The same request, which gives up when told so. */
  public LeaseRequest cancelledBy(BooleanSupplier signal) {
    return new LeaseRequest(devices, bytes, priority, patience, signal, resident);
  }
}
