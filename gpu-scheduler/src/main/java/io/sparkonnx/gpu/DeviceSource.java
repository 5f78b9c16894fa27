package io.sparkonnx.gpu;

/** Finds and opens the devices of a machine. A service ({@link java.util.ServiceLoader}). */
public interface DeviceSource {
  /** The devices, without opening them. Never fails. */
  FoundDevices find();

  /**
   * Opens a device of this source, so that the first task need not; it stays open. Any number of
   * times.
   *
   * @throws RuntimeException with what the device or its driver says
   */
  void open(String name);
}
