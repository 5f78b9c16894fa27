package io.sparkonnx.engine.kernel.opencl;

import io.sparkonnx.engine.device.Device;

/** The programs of the kernels. */
public final class KernelPrograms {
  private KernelPrograms() {}

  /**
   * Builds for a device what is not generated for a model.
   *
   * @throws io.sparkonnx.engine.device.DeviceException BUILD_FAILED with the compiler's log
   */
  public static void build(Device device) {
    device.build(KernelSource.of(device.info()));
  }
}
