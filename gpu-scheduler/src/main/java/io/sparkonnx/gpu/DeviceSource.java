package io.sparkonnx.gpu;

import java.util.List;

/**
 * Finds the devices of a machine. A service ({@link java.util.ServiceLoader}), since this module
 * opens no device.
 */
public interface DeviceSource {
  /** The devices, always in the same order, without opening them; none where there is none. */
  List<FoundDevice> find();
}
