package io.sparkonnx.spark.cli;

import io.sparkonnx.engine.LoadOptions;
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

  LoadOptions loadOptions() {
    return LoadOptions.DEFAULT
        .withOptimize(!unoptimized)
        .withKernels(kernels.name().toLowerCase(java.util.Locale.ROOT));
  }
}
