package io.sparkonnx.spark.cli;

import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.placement.DeviceSetting;
import io.sparkonnx.spark.OnnxConf;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** Which Spark a command runs on. */
final class SparkOptions {
  @Option(
      names = "--master",
      paramLabel = "URL",
      defaultValue = "${sys:spark.master:-local[*]}",
      description = "Spark master (default: what spark-submit says, else local[*]).")
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

  /** The device that was asked for, or null. */
  String device() {
    return device;
  }

  /** The batch size that was asked for, or null. */
  Integer batchSize() {
    return batchSize;
  }

  /** A session with the batch size and the device that were asked for. */
  SparkSession open(String name) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (batchSize != null) {
      if (batchSize < 1) {
        throw CliException.input(
            "USAGE", "--batch-size is " + batchSize + ", at least 1 is needed");
      }
      settings.put(OnnxConf.BATCH_SIZE, batchSize.toString());
    }
    if (device != null) {
      try {
        settings.put(OnnxConf.DEVICE, DeviceSetting.parse(device).name());
      } catch (GpuException e) {
        throw CliException.input("USAGE", "--" + e.getMessage());
      }
    }
    return open(name, settings);
  }

  /** A session with settings. */
  SparkSession open(String name, Map<String, String> settings) {
    SparkSession.Builder builder = SparkSession.builder().appName(name).master(master);
    if (System.getProperty("spark.submit.deployMode") == null) {
      builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false");
      if (master.startsWith("local")) {
        builder.config("spark.executor.heartbeatInterval", "1s"); // what progress is told by
      } else {
        builder.config("spark.jars", jars());
      }
    }
    settings.forEach(builder::config);
    return builder.getOrCreate();
  }

  /** The jars that executors need: those that are configured, and the one of this class. */
  private static String jars() {
    String own = SparkOptions.class.getProtectionDomain().getCodeSource().getLocation().toString();
    String configured = System.getProperty("spark.jars", "");
    return configured.isEmpty() ? own : configured + "," + own;
  }
}
