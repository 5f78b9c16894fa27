package io.sparkonnx.engine;

/**
 * Memory of a device on its way back: work that nobody waits for keeps what it uses until it has
 * ended. May be asked by any thread, and longer than the session lives.
 */
@FunctionalInterface
public interface DeviceRelease {
  /** Nothing is held. */
  DeviceRelease DONE = () -> true;

  /**
   * Whether the device has let go of all.
   *
   * @throws io.sparkonnx.engine.device.DeviceException LOST or HUNG if it failed: nobody uses it
   *     again
   */
  boolean isDone();
}
