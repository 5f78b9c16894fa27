package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.DeviceSource;
import io.sparkonnx.gpu.FoundDevice;
import java.util.List;

/** Two devices that exist on paper only. */
public final class FakeDevices implements DeviceSource {
  static final FoundDevice FIRST = new FoundDevice("pci:0000:65:00.0", "Fake 100", 16_000_000_000L);
  static final FoundDevice SECOND = new FoundDevice("pci:0000:66:00.0", "Fake 100", 8_000_000_000L);

  @Override
  public List<FoundDevice> find() {
    return List.of(FIRST, SECOND);
  }
}
