package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.DeviceSource;
import io.sparkonnx.gpu.FoundDevice;
import java.util.List;
import java.util.ServiceLoader;

/** The devices of all sources on the class path. */
final class DeviceSources {
  private DeviceSources() {}

  static List<FoundDevice> find() {
    return ServiceLoader.load(DeviceSource.class).stream()
        .flatMap(source -> source.get().find().stream())
        .toList();
  }
}
