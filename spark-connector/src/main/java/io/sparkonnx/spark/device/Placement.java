package io.sparkonnx.spark.device;

import io.sparkonnx.gpu.placement.DeviceDecision;
import io.sparkonnx.gpu.placement.DevicePolicy;
import io.sparkonnx.gpu.placement.DeviceSetting;
import java.io.Serializable;

/**
 * Where the tasks of a query run a call.
 *
 * @param onDevice whether on a device
 * @param measured whether executors are to measure a device beside the CPU
 * @param policy what happens where there is none or it fails
 */
public record Placement(boolean onDevice, boolean measured, DevicePolicy policy)
    implements Serializable {
  /**
   * As decided.
   *
   * @param isHeard whether the driver hears of measurements
   */
  public static Placement of(DeviceDecision decision, DevicePolicy policy, boolean isHeard) {
    boolean onDevice =
        decision.target().filter(target -> target == DeviceDecision.Target.GPU).isPresent();
    boolean measured = isHeard && !onDevice && policy.device() == DeviceSetting.AUTO;
    return new Placement(onDevice, measured, policy);
  }
}
