package io.sparkonnx.spark.score;

import io.sparkonnx.spark.OnnxConf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** Makes a job of its keys. */
public final class JobReader {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");
  private static final Pattern RUN_ID = Pattern.compile(RunStore.RUN_ID);
  private static final String SETTING_PREFIX = "spark.onnx.";

  private final List<JobProblem> problems = new ArrayList<>();
  private final KeyReader keys;

  private JobReader(Map<String, Object> tree) {
    keys = KeyReader.of(tree, problems);
  }

  /**
   * The job that keys describe.
   *
   * @throws ScoreException WRONG_JOB with all that is wrong
   */
  public static JobSpec read(Map<String, Object> tree) {
    JobReader reader = new JobReader(tree);
    JobSpec spec = reader.spec();
    if (!reader.problems.isEmpty()) {
      throw ScoreException.of(reader.problems);
    }
    return spec;
  }

  private JobSpec spec() {
    String model = keys.required("model", "a model");
    String sha256 = sha256(model);
    JobInput input = input(keys.section("input"));
    String filter = filter();
    Map<String, String> mapping = mapping();
    String column = keys.text("column", "the name of a column");
    List<String> passThrough = keys.texts("passThrough", "different names of columns");
    JobOutput output = output(keys.section("output"));
    TimeWindow window = keys.has("window") ? window(keys.section("window")) : null;
    Backfill backfill = keys.has("backfill") ? backfill(keys.section("backfill")) : null;
    boolean incremental = keys.flag("incremental");
    BadRows badRows = badRows(keys.section("badRows"), output);
    boolean lineage = keys.flag("lineage");
    String runId = runId();
    if (incremental) {
      checkIncremental(input, output, backfill, runId);
    }
    Map<String, String> settings = settings();
    keys.finish();
    return new JobSpec(
        model,
        sha256,
        input,
        filter,
        mapping,
        column == null ? "prediction" : column,
        passThrough,
        output,
        window,
        backfill,
        incremental,
        badRows,
        lineage,
        runId,
        settings);
  }

  private String sha256(String model) {
    String sha256 = keys.text("sha256", "64 hexadecimal digits");
    if (sha256 == null) {
      return null;
    }
    if (!SHA256.matcher(sha256).matches()) {
      keys.wrong("sha256", "64 hexadecimal digits", sha256);
    } else if (model != null && model.contains("@sha256:")) {
      keys.wrong("sha256", "no hash beside that of the key model", sha256);
    }
    return sha256.toLowerCase(Locale.ROOT);
  }

  private static JobInput input(KeyReader input) {
    String format = format(input, JobInput.FORMATS);
    boolean table = JobInput.isTable(format);
    String path =
        table ? absent(input, "path", format) : input.required("path", "the path of files to read");
    String name =
        table ? input.required("table", "the name of a table") : absent(input, "table", format);
    Map<String, String> options = input.named("options", "options of the format");
    checkUrl(input, format, options);
    input.finish();
    return new JobInput(format, path, name, options);
  }

  private static String absent(KeyReader section, String key, String format) {
    return absent(section, key, format, "format");
  }

  /** Refuses a key that does not go with a format or policy; null. */
  private static String absent(KeyReader section, String key, String word, String kind) {
    String value = section.text(key, "a text");
    if (value != null) {
      section.wrong(key, "no " + key + " for the " + kind + " " + word, value);
    }
    return null;
  }

  private String filter() {
    String filter = keys.text("filter", "a condition in SQL");
    String problem = filter == null ? null : SqlText.problem(filter);
    if (problem != null) {
      keys.wrong("filter", "a condition in SQL (" + problem + ")", filter);
    }
    return filter;
  }

  private Map<String, String> mapping() {
    Map<String, String> mapping = keys.named("mapping", "expressions in SQL by the model's inputs");
    mapping.forEach(
        (input, text) -> {
          String problem = SqlText.problemOfList(text);
          if (problem != null) {
            keys.wrong("mapping." + input, "expressions in SQL (" + problem + ")", text);
          }
        });
    return mapping;
  }

  private static JobOutput output(KeyReader output) {
    String format = format(output, JobOutput.FORMATS);
    boolean table = JobInput.isTable(format);
    String path =
        table ? absent(output, "path", format) : output.required("path", "the folder to write");
    String name =
        table ? output.required("table", "the name of a table") : absent(output, "table", format);
    String state =
        table
            ? output.required("state", "a folder for the lock and the manifests")
            : absent(output, "state", format);
    String mode = output.word("mode", List.of("append", "overwrite", "partitions"), "append");
    List<String> partitionBy = output.texts("partitionBy", "different names of columns");
    Map<String, String> options = output.named("options", "options of the format");
    if (mode.equals("partitions") && partitionBy.isEmpty()) {
      output.missing("partitionBy", "a column for the mode partitions");
    }
    if (format.equals(JobOutput.JDBC) && !partitionBy.isEmpty() && !mode.equals("partitions")) {
      output.wrong("partitionBy", "the mode partitions for columns in a database", partitionBy);
    }
    checkUrl(output, format, options);
    output.finish();
    return new JobOutput(
        format,
        path,
        name,
        state,
        JobOutput.Mode.valueOf(mode.toUpperCase(Locale.ROOT)),
        partitionBy,
        options);
  }

  private static String format(KeyReader section, List<String> formats) {
    if (section.is("format", "iceberg")) {
      section.wrong(
          "format", "a format that runs on this Spark, as Iceberg does not yet,", "iceberg");
      return "parquet";
    }
    return section.word("format", formats, "parquet");
  }

  private static void checkUrl(KeyReader section, String format, Map<String, String> options) {
    if (format.equals(JobOutput.JDBC) && !options.containsKey("url")) {
      section.missing("options.url", "a URL of JDBC");
    }
  }

  private static TimeWindow window(KeyReader window) {
    String column = window.required("column", "the name of a column of dates or times");
    String since = time(window, "since");
    String asOf = time(window, "asOf");
    if (!window.has("since") && !window.has("asOf")) {
      window.missing("since", "since or asOf");
    }
    window.finish();
    return new TimeWindow(column, since, asOf);
  }

  private static String time(KeyReader window, String key) {
    String time = window.text(key, "a date or time of ISO 8601");
    if (time != null && !TimeWindow.isTime(time)) {
      window.wrong(key, "a date or time of ISO 8601", time);
    }
    return time;
  }

  private static Backfill backfill(KeyReader backfill) {
    String column = backfill.required("column", "the name of a column");
    String from = backfill.required("from", "the least value");
    String to = backfill.required("to", "the greatest value");
    backfill.finish();
    return new Backfill(column, from, to);
  }

  private void checkIncremental(JobInput input, JobOutput output, Backfill backfill, String runId) {
    if (runId == null) {
      keys.missing("runId", "a name for the runs of an incremental job");
    }
    if (JobInput.isTable(input.format())) {
      keys.wrong("input.format", "a format of files for an incremental job", input.format());
    }
    if (output.mode() == JobOutput.Mode.OVERWRITE) {
      keys.wrong("output.mode", "append or partitions for an incremental job", "overwrite");
    }
    if (backfill != null) {
      keys.wrong("backfill", "no back-fill for an incremental job", backfill.column());
    }
  }

  private static BadRows badRows(KeyReader badRows, JobOutput output) {
    String policy = badRows.word("policy", List.of("fail", "null", "side"), "fail");
    double maxShare = badRows.number("maxShare", 0, 1, "a number from 0 to 1", 1);
    if (policy.equals("fail") && badRows.has("maxShare")) {
      badRows.wrong("maxShare", "no share for the policy fail", maxShare);
    }
    SideOutput side = policy.equals("side") ? side(badRows, output) : null;
    if (side == null) {
      absent(badRows, "path", policy, "policy");
      absent(badRows, "format", policy, "policy");
    }
    badRows.finish();
    return new BadRows(BadRows.Policy.valueOf(policy.toUpperCase(Locale.ROOT)), maxShare, side);
  }

  private static SideOutput side(KeyReader badRows, JobOutput output) {
    String format = badRows.word("format", JobOutput.FILES, "parquet");
    String path = badRows.required("path", "the folder of bad rows");
    if (isFolder(path) && isFolder(output.folder()) && same(path, output.folder())) {
      badRows.wrong("path", "another folder than the output's", path);
    }
    return new SideOutput(format, path);
  }

  private static boolean isFolder(String path) {
    return path != null && !path.isBlank();
  }

  private static boolean same(String path, String other) {
    return new Path(path).equals(new Path(other));
  }

  private String runId() {
    String expected = "letters, digits, dots, hyphens and underscores, at most 100,";
    String runId = keys.text("runId", expected);
    if (runId != null && !RUN_ID.matcher(runId).matches()) {
      keys.wrong("runId", expected, runId);
    }
    return runId;
  }

  private Map<String, String> settings() {
    Map<String, String> all =
        new LinkedHashMap<>(keys.named("settings", "settings by their names"));
    for (String key : all.keySet()) {
      if (!key.startsWith(SETTING_PREFIX)) {
        keys.wrong("settings." + key, "a name that starts with " + SETTING_PREFIX, key);
      }
    }
    Integer batchSize = keys.count("batchSize");
    if (batchSize != null) {
      all.put(OnnxConf.BATCH_SIZE, batchSize.toString());
    }
    String device = keys.word("device", List.of("cpu", "gpu", "auto"), null);
    if (device != null) {
      all.put(OnnxConf.DEVICE, device);
    }
    return all;
  }
}
