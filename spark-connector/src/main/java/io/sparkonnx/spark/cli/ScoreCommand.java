package io.sparkonnx.spark.cli;

import io.sparkonnx.spark.score.ScoreJob;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scores files of rows with a model. */
@Command(
    name = "score",
    description = "Read rows, add a model's output to each, write them.",
    mixinStandardHelpOptions = true)
final class ScoreCommand implements Callable<Integer> {
  @Option(names = "--model", required = true, paramLabel = "PATH", description = "ONNX file.")
  private String model;

  @Option(names = "--input", required = true, paramLabel = "PATH", description = "Rows to read.")
  private String input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "PATH",
      description = "Folder to write.")
  private String output;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      defaultValue = "parquet",
      description = "Format of both: parquet, orc, csv, json (default: ${DEFAULT-VALUE}).")
  private String format;

  @Option(
      names = "--inputs",
      paramLabel = "INPUT=COLUMN[,COLUMN...]",
      description =
          "Columns of a model input; once per input. Without it columns are found by their names.")
  private Map<String, String> inputs = Map.of();

  @Option(
      names = "--column",
      paramLabel = "NAME",
      defaultValue = "prediction",
      description = "Name of the added column (default: ${DEFAULT-VALUE}).")
  private String column;

  @Option(names = "--overwrite", description = "Replace an existing output.")
  private boolean overwrite;

  @Mixin private SparkOptions sparkOptions;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, AnalysisException, SparkException {
    Map<String, List<String>> mapping = new LinkedHashMap<>();
    inputs.forEach((name, columns) -> mapping.put(name, List.of(columns.split(",", -1))));
    ScoreJob job = new ScoreJob(model, input, output, format, mapping, column, overwrite);
    PrintWriter err = spec.commandLine().getErr();
    try (SparkSession spark = sparkOptions.open("spark-onnx score")) {
      Progress progress = new Progress(err);
      RanOn ranOn = new RanOn();
      spark.sparkContext().addSparkListener(progress);
      spark.sparkContext().addSparkListener(ranOn);
      job.run(spark);
      PrintWriter out = spec.commandLine().getOut();
      spark.sparkContext().stop();
      out.println(
          String.format(
              Locale.ROOT,
              "scored %,d rows in %.1f s (%,.0f rows/s) on %s into %s",
              progress.rows(),
              progress.seconds(),
              progress.rows() / progress.seconds(),
              ranOn.text(),
              output));
      out.flush();
    }
    return 0;
  }
}
