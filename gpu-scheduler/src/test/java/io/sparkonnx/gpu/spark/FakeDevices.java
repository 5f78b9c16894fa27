package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.DeviceSource;
import io.sparkonnx.gpu.FoundDevice;
import io.sparkonnx.gpu.FoundDevices;
import java.util.List;
import java.util.Optional;

/** Two devices that exist on paper only; the second one cannot be opened where a test says so. */
public final class FakeDevices implements DeviceSource {
  static final FoundDevice FIRST = new FoundDevice("pci:0000:65:00.0", "Fake 100", 16_000_000_000L);
  static final FoundDevice SECOND = new FoundDevice("pci:0000:66:00.0", "Fake 100", 8_000_000_000L);
  static final FoundDevices BOTH = new FoundDevices(List.of(FIRST, SECOND), Optional.empty());

  static volatile boolean broken;

  @Override
  public FoundDevices find() {
    return BOTH;
  }

  @Override
  public void open(String name) {
    if (broken && name.equals(SECOND.name())) {
      throw new IllegalStateException("the driver does not compile");
    }
  }
}
