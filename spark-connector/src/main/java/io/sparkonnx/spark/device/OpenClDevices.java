package io.sparkonnx.spark.device;

import io.sparkonnx.engine.device.DeviceInfo;
import io.sparkonnx.engine.device.Devices;
import io.sparkonnx.gpu.DeviceSource;
import io.sparkonnx.gpu.FoundDevice;
import io.sparkonnx.gpu.FoundDevices;
import java.util.List;
import java.util.Optional;

/** The machine's OpenCL devices: its GPUs where there are some, else whatever OpenCL lists. */
public final class OpenClDevices implements DeviceSource {
  @Override
  public FoundDevices find() {
    Devices.Found found = Devices.find();
    List<DeviceInfo> gpus =
        found.devices().stream().filter(info -> info.kind() == DeviceInfo.Kind.GPU).toList();
    List<DeviceInfo> chosen = gpus.isEmpty() ? found.devices() : gpus;
    return new FoundDevices(
        chosen.stream()
            .map(info -> new FoundDevice(info.id(), info.name(), info.memoryBytes()))
            .toList(),
        Optional.ofNullable(found.problem()));
  }

  @Override
  public void open(String name) {
    OpenDevices.get(name);
  }
}
