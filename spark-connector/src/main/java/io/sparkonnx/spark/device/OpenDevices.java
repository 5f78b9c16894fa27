package io.sparkonnx.spark.device;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.Devices;
import io.sparkonnx.engine.kernel.opencl.KernelPrograms;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The devices of this JVM that are open, which they stay until it ends. */
public final class OpenDevices {
  private static final Map<String, Device> OPEN = new ConcurrentHashMap<>();

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

  /** Whether a device is open, works, and has work of runs that were broken off. */
  public static boolean isBusy(String name) {
    Device open = OPEN.get(name);
    return open != null && open.unfinishedQueues() > 0 && open.failure() == null;
  }

  /**
   * Has this JVM use another device under a name.
   *
   * @param device null to open the device when somebody asks next
   */
  static synchronized void replace(String name, Device device) {
    if (device == null) {
      OPEN.remove(name);
    } else {
      OPEN.put(name, device);
    }
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
