package io.sparkonnx.spark.score;

import io.sparkonnx.spark.exec.CallException;
import io.sparkonnx.spark.score.RunManifest.InputRead;
import io.sparkonnx.spark.score.RunManifest.ModelUsed;
import java.time.Instant;
import java.util.Map;

/**
 * What is known of a run that did not come to its end.
 *
 * @param schema version of this form, {@link RunManifest#SCHEMA}
 * @param runId names the run
 * @param status {@code running} while it goes on, then {@code failed} or {@code interrupted}
 * @param started ISO 8601, UTC
 * @param ended when it failed, or when its interruption was found; null while it goes on
 * @param error what went wrong, a line
 * @param model what scored
 * @param versions what ran
 * @param input what was read
 * @param output name of the output
 * @param rows what tasks had told until then
 * @param settings of the session
 */
public record FailedRun(
    int schema,
    String runId,
    String status,
    String started,
    String ended,
    String error,
    ModelUsed model,
    Versions versions,
    InputRead input,
    String output,
    RowsSoFar rows,
    Map<String, String> settings) {

  /**
   * How many rows.
   *
   * @param scored that came out of the model's node
   * @param bad of these, those that it could not take
   */
  public record RowsSoFar(long scored, long bad) {}

  /** This run after a failure. */
  FailedRun failed(Throwable failure, RowsSoFar rows) {
    return ended("failed", line(failure), rows);
  }

  /** This run, whose process is no more. */
  FailedRun interrupted() {
    return ended("interrupted", "its process ended before all rows were written", rows);
  }

  private FailedRun ended(String how, String why, RowsSoFar seen) {
    return new FailedRun(
        schema,
        runId,
        how,
        started,
        Instant.now().toString(),
        why,
        model,
        versions,
        input,
        output,
        seen,
        settings);
  }

  /** The message of the call or of the innermost cause, its first line. */
  private static String line(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null
        && !(cause instanceof CallException)
        && !(cause instanceof ScoreException)) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }
}
