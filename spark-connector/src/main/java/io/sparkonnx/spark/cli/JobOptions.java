package io.sparkonnx.spark.cli;

import io.sparkonnx.spark.score.JobFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The keys of a scoring job as options; an option goes before the job file. */
final class JobOptions {
  @Option(
      names = "--job",
      paramLabel = "FILE",
      description = "A job as YAML (docs/scoring.md); the other options go before its keys.")
  private String job;

  @Option(names = "--model", paramLabel = "MODEL", description = "ONNX file or name of a model.")
  private String model;

  @Option(names = "--sha256", paramLabel = "HASH", description = "The hash the model must have.")
  private String sha256;

  @Option(names = "--input", paramLabel = "PATH", description = "Files to read.")
  private String input;

  @Option(
      names = "--input-table",
      paramLabel = "NAME",
      description = "Table to read, for the formats table and jdbc.")
  private String inputTable;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "Format of input and output: parquet (default), orc, csv, json, avro, arrow.")
  private String format;

  @Option(
      names = "--input-format",
      paramLabel = "NAME",
      description = "Format of the input: one of these, or delta, table, jdbc.")
  private String inputFormat;

  @Option(
      names = "--output-format",
      paramLabel = "NAME",
      description = "Format of the output where it is another; also delta, table, jdbc.")
  private String outputFormat;

  @Option(
      names = "--input-option",
      paramLabel = "KEY=VALUE",
      description = "Option of the input's format; once per option.")
  private Map<String, String> inputOptions;

  @Option(
      names = "--output-option",
      paramLabel = "KEY=VALUE",
      description = "Option of the output's format; once per option.")
  private Map<String, String> outputOptions;

  @Option(names = "--filter", paramLabel = "SQL", description = "Condition on the rows to score.")
  private String filter;

  @Option(
      names = "--inputs",
      paramLabel = "INPUT=SQL[,SQL...]",
      description =
          "Expressions for a model input; once per input. Without it columns are found by their"
              + " names.")
  private Map<String, String> inputs;

  @Option(
      names = "--column",
      paramLabel = "NAME",
      description = "Name of the added column (default: prediction).")
  private String column;

  @Option(
      names = "--keep",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns of the input to write (default: all).")
  private List<String> keep;

  @Option(
      names = "--output",
      paramLabel = "PATH",
      description = "Folder to write; each run is a directory run_id=ID in it.")
  private String output;

  @Option(
      names = "--output-table",
      paramLabel = "NAME",
      description = "Table to write, for the formats table and jdbc.")
  private String outputTable;

  @Option(
      names = "--state",
      paramLabel = "PATH",
      description = "Folder of the lock and the manifests of a table.")
  private String state;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "append (default), overwrite, or partitions, which replaces those the run has rows of.")
  private String mode;

  @Option(
      names = "--partition-by",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns whose values become directories.")
  private List<String> partitionBy;

  @Option(
      names = "--time-column",
      paramLabel = "NAME",
      description = "Column of dates or times for --since and --as-of.")
  private String timeColumn;

  @Option(names = "--since", paramLabel = "TIME", description = "Rows at or after this time.")
  private String since;

  @Option(names = "--as-of", paramLabel = "TIME", description = "Rows before this time.")
  private String asOf;

  @Option(
      names = "--backfill",
      paramLabel = "COLUMN=FROM..TO",
      description = "One run for each value of a column from FROM to TO.")
  private String backfill;

  @Option(
      names = "--incremental",
      description = "Score the files that are new since the last start of this run id.")
  private boolean incremental;

  @Option(
      names = "--bad-rows",
      paramLabel = "POLICY",
      description = "Rows that the model cannot take: fail (default), null or side.")
  private String badRows;

  @Option(
      names = "--bad-rows-output",
      paramLabel = "PATH",
      description = "Folder of the rows that --bad-rows side puts aside.")
  private String badRowsOutput;

  @Option(
      names = "--bad-rows-format",
      paramLabel = "NAME",
      description = "Format of these rows (default: parquet).")
  private String badRowsFormat;

  @Option(
      names = "--max-bad-share",
      paramLabel = "SHARE",
      description = "Share of bad rows from 0 to 1 above which the run fails (default: 1).")
  private Double maxBadShare;

  @Option(
      names = "--lineage",
      description = "Add columns with the model's hash, the version and the time.")
  private boolean lineage;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "Name of the run; one that is done is not made again (default: a new one).")
  private String runId;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Setting spark.onnx.…; once per setting.")
  private Map<String, String> settings;

  /** The keys of the job file, with those of the options over them. */
  Map<String, Object> tree(Integer batchSize, String device) {
    Map<String, Object> keys = new LinkedHashMap<>();
    put(keys, "model", model);
    put(keys, "sha256", sha256);
    put(keys, "filter", filter);
    put(keys, "mapping", inputs);
    put(keys, "column", column);
    put(keys, "passThrough", keep);
    put(keys, "device", device);
    put(keys, "batchSize", batchSize);
    put(keys, "incremental", incremental ? true : null);
    put(keys, "lineage", lineage ? true : null);
    put(keys, "runId", runId);
    put(keys, "settings", settings);
    Map<String, Object> in = new LinkedHashMap<>();
    put(in, "format", inputFormat == null ? format : inputFormat);
    put(in, "path", input);
    put(in, "table", inputTable);
    put(in, "options", inputOptions);
    section(keys, "input", in);
    Map<String, Object> out = new LinkedHashMap<>();
    put(out, "format", outputFormat == null ? format : outputFormat);
    put(out, "path", output);
    put(out, "table", outputTable);
    put(out, "state", state);
    put(out, "mode", mode);
    put(out, "partitionBy", partitionBy);
    put(out, "options", outputOptions);
    section(keys, "output", out);
    Map<String, Object> window = new LinkedHashMap<>();
    put(window, "column", timeColumn);
    put(window, "since", since);
    put(window, "asOf", asOf);
    section(keys, "window", window);
    Map<String, Object> bad = new LinkedHashMap<>();
    put(bad, "policy", badRows);
    put(bad, "maxShare", maxBadShare);
    put(bad, "path", badRowsOutput);
    put(bad, "format", badRowsFormat);
    section(keys, "badRows", bad);
    if (backfill != null) {
      keys.put("backfill", range(backfill));
    }
    return JobFile.merged(job == null ? Map.of() : JobFile.read(job), keys);
  }

  private static void put(Map<String, Object> keys, String key, Object value) {
    if (value instanceof List<?> list) {
      keys.put(key, new ArrayList<>(list));
    } else if (value != null) {
      keys.put(key, value);
    }
  }

  private static void section(Map<String, Object> keys, String key, Map<String, Object> section) {
    if (!section.isEmpty()) {
      keys.put(key, section);
    }
  }

  private static Map<String, Object> range(String written) {
    int equals = written.indexOf('=');
    int dots = written.indexOf("..", equals + 1);
    if (equals < 1 || dots < 0) {
      throw CliException.input(
          "USAGE", "--backfill is '" + written + "', COLUMN=FROM..TO is needed");
    }
    return Map.of(
        "column", written.substring(0, equals),
        "from", written.substring(equals + 1, dots),
        "to", written.substring(dots + 2));
  }
}
