package io.sparkonnx.spark.device;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.engine.device.Devices;
import io.sparkonnx.engine.kernel.opencl.KernelPrograms;
import io.sparkonnx.gpu.spark.ExecutorDevices;
import io.sparkonnx.spark.OnnxConf;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkEnv;

/** The devices of this JVM that are open, which they stay until it ends, as targets of models. */
public final class OpenDevices {
  private static final Map<String, Device> OPEN = new HashMap<>();

  /** Blocks that the bytes of an executor's device are cut into, so that tasks overlap. */
  private static final int BLOCKS = 4;

  private OpenDevices() {}

  /**
   * A device as this executor uses it: in blocks that are a part of its budget, within the
   * application's {@value OnnxConf#GPU_TIMEOUT}.
   *
   * @param name its id
   */
  public static DeviceTarget target(String name) {
    DeviceTarget whole = DeviceTarget.of(get(name));
    long budget = ExecutorDevices.current().leases().figures(name).budgetBytes();
    long block = Math.max(1, Math.min(whole.blockBytes(), budget / BLOCKS));
    return new DeviceTarget(whole.device(), block, OnnxConf.of(SparkEnv.get().conf()).gpuTimeout());
  }

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
