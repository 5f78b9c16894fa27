package io.sparkonnx.spark.score;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

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
 * @param side where bad rows were written; null where they have no output of their own
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
    SideOutput side,
    RowCounts rows,
    Map<String, ScoreStatistics> scores,
    Drift drift,
    DeviceUse device,
    Map<String, Double> seconds,
    Map<String, String> settings) {
  static final int SCHEMA = 1;

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
   * @param format as the job names it
   * @param path the output's folder, or the name of a table
   * @param mode what became of earlier rows
   * @param files of the run; 0 in a database
   * @param bytes of these files
   * @param replaced paths below the folder, or partitions of the table, that the run took the place
   *     of
   */
  public record OutputWritten(
      String format, String path, String mode, int files, long bytes, List<String> replaced) {}

  /**
   * How many rows.
   *
   * @param written all in the output
   * @param bad those that the model could not take
   * @param side of the bad ones, those that are in an output of their own and not in this one
   */
  public record RowCounts(long written, long bad, long side) {}

  /** Tells the manifests of runs that are done from those of others. */
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public String status() {
    return "done";
  }

  /** Where the rows of the run are, for people. */
  public String place() {
    boolean files = JobOutput.FILES.contains(output.format());
    return output.path() + (files ? "/" : ", ") + RunStore.RUN_COLUMN + "=" + runId;
  }

  /** Whether rows were bad. */
  ExitStatus exitStatus() {
    return rows.bad() == 0 ? ExitStatus.DONE : ExitStatus.DONE_WITH_BAD_ROWS;
  }
}
