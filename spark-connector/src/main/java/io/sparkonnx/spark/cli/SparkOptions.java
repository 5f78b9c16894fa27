package io.sparkonnx.spark.cli;

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
    return builder.getOrCreate();
  }
}
