package io.sparkonnx.spark.cli;

import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.placement.DeviceSetting;
import io.sparkonnx.spark.OnnxConf;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** Which Spark a command runs on. */
final class SparkOptions {
  @Option(
      names = "--master",
      paramLabel = "URL",
      defaultValue = "local[*]",
      description = "Spark master (default: ${DEFAULT-VALUE}).")
  private String master;

  @Option(
      names = "--batch-size",
      paramLabel = "ROWS",
      description = "Rows of one run of the model at most (default: 4096).")
  private Integer batchSize;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = {
        "Where the model runs: cpu, gpu (an OpenCL device) or auto (default: what",
        "spark.onnx.device says, else auto)."
      })
  private String device;

  /** The jars that executors need: those that are configured, and the one of this class. */
  private static String jars() {
    String own = SparkOptions.class.getProtectionDomain().getCodeSource().getLocation().toString();
    String configured = System.getProperty("spark.jars", "");
    return configured.isEmpty() ? own : configured + "," + own;
  }

  SparkSession open(String name) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .appName(name)
            .master(master)
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false");
    if (batchSize != null) {
      if (batchSize < 1) {
        throw CliException.input(
            "USAGE", "--batch-size is " + batchSize + ", at least 1 is needed");
      }
      builder.config("spark.onnx.batchSize", batchSize);
    }
    if (device != null) {
      try {
        builder.config(OnnxConf.DEVICE, DeviceSetting.parse(device).name());
      } catch (GpuException e) {
        throw CliException.input("USAGE", "--" + e.getMessage());
      }
    }
    if (!master.startsWith("local")) {
      builder.config("spark.jars", jars());
    }
    return builder.getOrCreate();
  }
}
