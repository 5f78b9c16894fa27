package io.sparkonnx.spark.cli;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.engine.device.Devices;
import picocli.CommandLine.Option;

/** The device that a command is to use. */
final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "cpu",
      description = {
        "Where steps run: cpu; gpu for the first OpenCL device, a GPU where there is one; or a",
        "device as the command devices lists it (default: ${DEFAULT-VALUE})."
      })
  private String device;

  /**
   * The device that was asked for, or null for the CPU.
   *
   * @throws io.sparkonnx.engine.device.DeviceException if there is none such
   */
  Device open() {
    return switch (device) {
      case "cpu" -> null;
      case "gpu" -> Devices.open("");
      case "" -> throw CliException.input("USAGE", "--device is empty");
      default -> Devices.open(device);
    };
  }

  /** The options with steps on {@code opened}, which may be null. */
  static LoadOptions on(Device opened, LoadOptions options) {
    return opened == null ? options : options.withDevice(DeviceTarget.of(opened));
  }
}
