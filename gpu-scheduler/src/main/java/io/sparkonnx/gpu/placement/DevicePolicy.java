package io.sparkonnx.gpu.placement;

import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.GpuException.Code;
import io.sparkonnx.gpu.placement.DeviceDecision.Target;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Decides where a query runs. A query runs on one kind of device only, unless {@link
 * FailedDevice#CPU} is set.
 *
 * @param device what the user wants
 * @param missing what happens where a GPU is asked for and none is there
 * @param failed what happens where a GPU fails in the middle
 */
public record DevicePolicy(DeviceSetting device, MissingDevice missing, FailedDevice failed)
    implements Serializable {
  /** How much faster than the CPU a device must be: less is within the noise of measurements. */
  private static final double ADVANTAGE = 1.1;

  /**
   * What is known before the first execution, when no device has been looked for.
   *
   * @param unmeasured why nobody measures devices, or nothing if somebody does
   */
  public DeviceDecision planned(Optional<String> unmeasured) {
    return switch (device) {
      case CPU, GPU -> asked();
      case AUTO ->
          unmeasured
              .map(why -> DeviceDecision.of(Target.CPU, "auto: " + why))
              .orElse(DeviceDecision.undecided("auto: the first execution decides"));
    };
  }

  private DeviceDecision asked() {
    return DeviceDecision.of(device == DeviceSetting.GPU ? Target.GPU : Target.CPU, "asked for");
  }

  /**
   * Decides at the first execution.
   *
   * @param unavailable why there is no device, or nothing if there is one
   * @param reports what executors measured with the model, one each; none if nothing was measured
   * @throws GpuException NO_DEVICE if a GPU is asked for, none is there and the policy is to fail
   */
  public DeviceDecision decide(Optional<String> unavailable, List<DeviceCosts> reports) {
    return switch (device) {
      case CPU -> asked();
      case GPU -> unavailable.map(this::withoutDevice).orElseGet(this::asked);
      case AUTO ->
          unavailable
              .map(why -> DeviceDecision.of(Target.CPU, "auto: no device, " + why))
              .orElseGet(() -> faster(reports));
    };
  }

  /**
   * Decides for the rows that are left when a device failed.
   *
   * @return the CPU, with a warning, or nothing if the task is to fail
   */
  public Optional<DeviceDecision> afterFailure(String cause) {
    return failed == FailedDevice.FAIL
        ? Optional.empty()
        : Optional.of(
            DeviceDecision.warned(
                Target.CPU,
                "the device failed, "
                    + cause
                    + "; results of this query may differ in their last bits"));
  }

  private DeviceDecision withoutDevice(String why) {
    return switch (missing) {
      case FAIL ->
          throw new GpuException(Code.NO_DEVICE, "a GPU is asked for and there is none: " + why);
      case WARN ->
          DeviceDecision.warned(Target.CPU, "a GPU is asked for and there is none: " + why);
      case CPU -> DeviceDecision.of(Target.CPU, "a GPU is asked for and there is none: " + why);
    };
  }

  private static DeviceDecision faster(List<DeviceCosts> reports) {
    if (reports.isEmpty()) {
      return DeviceDecision.of(Target.CPU, "auto: nothing was measured yet");
    }
    double cpu = reports.stream().mapToDouble(DeviceCosts::cpuRowsPerSecond).sum();
    double gpu = reports.stream().mapToDouble(DeviceCosts::deviceRowsPerSecond).sum();
    double transfer =
        reports.stream().mapToDouble(DeviceCosts::transferSecondsPerRow).average().orElseThrow();
    double compute =
        reports.stream().mapToDouble(DeviceCosts::deviceSecondsPerRow).average().orElseThrow();
    return DeviceDecision.of(
        gpu >= ADVANTAGE * cpu ? Target.GPU : Target.CPU,
        String.format(
            Locale.ROOT,
            "auto: gpu %,.0f rows/s (%.1f µs transfer, %.1f µs compute a row), cpu %,.0f rows/s",
            gpu,
            transfer * 1e6,
            compute * 1e6,
            cpu));
  }
}
