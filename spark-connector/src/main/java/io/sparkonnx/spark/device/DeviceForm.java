package io.sparkonnx.spark.device;

import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.gpu.TaskDevice;
import io.sparkonnx.spark.OnnxConf;
import java.time.Duration;
import org.apache.spark.SparkEnv;

/**
 * How a model is compiled for a device: by what the application may use of it, since a JVM may see
 * one application after the other.
 *
 * @param device the device's name
 * @param budgetBytes bytes of it that the application may use
 * @param commandLimit the application's {@value OnnxConf#GPU_TIMEOUT}
 * @param float16 whether weights are held as {@value OnnxConf#GPU_FLOAT16} allows
 */
public record DeviceForm(String device, long budgetBytes, Duration commandLimit, boolean float16) {
  /** Blocks that the budget is cut into, so that tasks overlap. */
  private static final int BLOCKS = 4;

  /** For the application of this JVM. */
  public static DeviceForm of(TaskDevice device) {
    long budget = device.leases().figures(device.name()).budgetBytes();
    OnnxConf conf = OnnxConf.of(SparkEnv.get().conf());
    return new DeviceForm(device.name(), budget, conf.gpuTimeout(), conf.gpuFloat16());
  }

  /**
   * The device, opened if need be, with blocks that are a part of the budget.
   *
   * @throws io.sparkonnx.engine.device.DeviceException with what OpenCL says
   */
  public DeviceTarget target() {
    DeviceTarget whole = DeviceTarget.of(OpenDevices.get(device));
    long block = Math.max(1, Math.min(whole.blockBytes(), budgetBytes / BLOCKS));
    return new DeviceTarget(whole.device(), block, commandLimit, float16);
  }
}
