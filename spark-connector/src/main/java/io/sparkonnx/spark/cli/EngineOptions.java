package io.sparkonnx.spark.cli;

import io.sparkonnx.engine.LoadOptions;
import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceTarget;
import io.sparkonnx.engine.device.Devices;
import picocli.CommandLine.Option;

/** How commands that work on the engine alone load a model. */
final class EngineOptions {
  /** Kernel sets by name. */
  enum KernelChoice {
    AUTO,
    SCALAR,
    SIMD
  }

  @Option(names = "--no-optimize", description = "Run the graph as it is in the file.")
  private boolean unoptimized;

  @Option(
      names = "--kernels",
      paramLabel = "SET",
      defaultValue = "auto",
      description = "Kernel set: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private KernelChoice kernels;

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
  Device openDevice() {
    return switch (device) {
      case "cpu" -> null;
      case "gpu" -> Devices.open("");
      default -> Devices.open(device);
    };
  }

  /** The options for steps on {@code opened}, which may be null. */
  LoadOptions loadOptions(Device opened) {
    return opened == null ? loadOptions() : loadOptions().withDevice(DeviceTarget.of(opened));
  }

  LoadOptions loadOptions() {
    return LoadOptions.DEFAULT
        .withOptimize(!unoptimized)
        .withKernels(kernels.name().toLowerCase(java.util.Locale.ROOT));
  }
}
