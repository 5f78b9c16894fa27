package io.sparkonnx.gpu;

import java.util.List;
import java.util.Optional;

/**
 * What a machine has.
 *
 * @param devices its devices, always in the same order
 * @param problem why there is none, in one line; nothing where there is one
 */
public record FoundDevices(List<FoundDevice> devices, Optional<String> problem) {
  public FoundDevices {
    devices = List.copyOf(devices);
  }
}
