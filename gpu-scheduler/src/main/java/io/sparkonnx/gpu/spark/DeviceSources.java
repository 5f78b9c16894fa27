package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.DeviceSource;
import io.sparkonnx.gpu.FoundDevice;
import io.sparkonnx.gpu.FoundDevices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/** The devices of all sources that lie beside this class. */
final class DeviceSources {
  /** Each device's source. */
  private final Map<FoundDevice, DeviceSource> devices = new LinkedHashMap<>();

  private final List<String> problems = new ArrayList<>();

  private DeviceSources() {}

  /** Looks at what there is. */
  static DeviceSources look() {
    DeviceSources sources = new DeviceSources();
    for (DeviceSource source :
        ServiceLoader.load(DeviceSource.class, DeviceSources.class.getClassLoader())) {
      FoundDevices found = source.find();
      found.devices().forEach(device -> sources.devices.put(device, source));
      found.problem().ifPresent(sources.problems::add);
    }
    return sources;
  }

  FoundDevices found() {
    Optional<String> problem =
        devices.isEmpty()
            ? Optional.of(problems.isEmpty() ? "nobody finds devices" : String.join("; ", problems))
            : Optional.empty();
    return new FoundDevices(List.copyOf(devices.keySet()), problem);
  }

  void open(FoundDevice device) {
    devices.get(device).open(device.name());
  }
}
