package io.sparkonnx.spark.score;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What is known of a run that is done.
 *
 * @param schema version of this form, {@value #SCHEMA}
 * @param runId names the run
 * @param started ISO 8601, UTC
 * @param ended when all rows were staged
 * @param model what scored
 * @param versions what ran
 * @param input what was read
 * @param output what was written
 * @param rows counts
 * @param scores statistics by score
 * @param drift against the run before; null for the first
 * @param device where the model ran
 * @param seconds times by what they were spent on; those of tasks are sums over all tasks
 * @param settings of the session
 */
public record RunManifest(
    int schema,
    String runId,
    String started,
    String ended,
    ModelUsed model,
    Versions versions,
    InputRead input,
    OutputWritten output,
    RowCounts rows,
    Map<String, ScoreStatistics> scores,
    Drift drift,
    DeviceUse device,
    Map<String, Double> seconds,
    Map<String, String> settings) {
  static final int SCHEMA = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /**
   * The model of a run.
   *
   * @param location as the job names it
   * @param sha256 of its bytes
   */
  public record ModelUsed(String location, String sha256) {}

  /**
   * Where rows came from.
   *
   * @param format Spark's name
   * @param from path or table
   * @param filter condition in SQL, or null
   * @param since bound of the window, or null
   * @param asOf bound of the window, or null
   * @param part column and value of a back-fill, or null
   */
  public record InputRead(
      String format, String from, String filter, String since, String asOf, String part) {}

  /**
   * Where rows went.
   *
   * @param format Spark's name
   * @param path the output's folder
   * @param mode what became of earlier rows
   * @param files of the run
   * @param bytes of these files
   * @param replaced paths below the folder that the run took the place of
   */
  public record OutputWritten(
      String format, String path, String mode, int files, long bytes, List<String> replaced) {}

  /**
   * How many rows.
   *
   * @param written all that were scored and written
   * @param bad of these, those without a result
   */
  public record RowCounts(long written, long bad) {}

  /** Whether rows were bad. */
  ExitStatus status() {
    return rows.bad() == 0 ? ExitStatus.DONE : ExitStatus.DONE_WITH_BAD_ROWS;
  }

  static RunManifest read(FileSystem files, Path path) throws IOException {
    try (InputStream in = files.open(path)) {
      return JSON.readValue(in, RunManifest.class);
    }
  }

  /** Writes to a path where nothing is yet; the file appears whole. */
  void write(FileSystem files, Path path) throws IOException {
    Path unfinished = path.suffix(".unfinished");
    try (OutputStream out = files.create(unfinished, true)) {
      out.write(JSON.writeValueAsBytes(this));
    }
    if (!files.rename(unfinished, path)) {
      throw new IOException(unfinished + " cannot be renamed to " + path);
    }
  }
}
