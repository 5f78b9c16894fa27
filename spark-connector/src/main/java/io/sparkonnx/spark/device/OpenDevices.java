package io.sparkonnx.spark.device;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.Devices;
import io.sparkonnx.engine.kernel.opencl.KernelPrograms;
import java.util.HashMap;
import java.util.Map;

/** The devices of this JVM that are open, which they stay until it ends. */
public final class OpenDevices {
  private static final Map<String, Device> OPEN = new HashMap<>();

  private OpenDevices() {}

  /**
   * A device, opened and its kernels built by whoever asks first.
   *
   * @param name its id
   * @throws io.sparkonnx.engine.device.DeviceException with what OpenCL says; the next one who asks
   *     tries again
   */
  public static synchronized Device get(String name) {
    Device open = OPEN.get(name);
    if (open == null) {
      open = built(Devices.open(name));
      OPEN.put(name, open);
    }
    return open;
  }

  private static Device built(Device device) {
    try {
      KernelPrograms.build(device);
      return device;
    } catch (RuntimeException e) {
      device.close();
      throw e;
    }
  }
}
