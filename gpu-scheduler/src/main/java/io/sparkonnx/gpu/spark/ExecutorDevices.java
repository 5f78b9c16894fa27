package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.DeviceLeases;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The leases of this executor, for its tasks. */
public final class ExecutorDevices {
  private static final AtomicReference<DeviceLeases> CURRENT = new AtomicReference<>();

  private ExecutorDevices() {}

  /** The leases, if the plugin runs here and found devices. */
  public static Optional<DeviceLeases> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  static void set(DeviceLeases leases) {
    CURRENT.set(leases);
  }

  /** Forgets these leases, not those of a plugin that started later in this JVM. */
  static void forget(DeviceLeases leases) {
    CURRENT.compareAndSet(leases, null);
  }
}
