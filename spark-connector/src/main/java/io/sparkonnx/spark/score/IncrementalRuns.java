package io.sparkonnx.spark.score;

import io.sparkonnx.spark.score.ScoreJob.Outcome;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Runs of the files that are new since the last start, one for each batch of a stream. A batch that
 * was interrupted has the same number and the same files when it is made again.
 *
 * @param plan the job
 * @param place where runs are made
 */
record IncrementalRuns(JobPlan plan, JobRun.Place place) {

  /**
   * Makes runs until all files are read.
   *
   * @param each hears of each run that is made
   */
  void make(SparkSession spark, Consumer<Outcome> each) throws IOException, InterruptedException {
    String name = plan.spec().runId();
    try {
      InputReader.stream(plan.spec().input(), plan.schema(), spark)
          .writeStream()
          .trigger(Trigger.AvailableNow())
          .option("checkpointLocation", place.store().checkpoint(name).toString())
          .foreachBatch(
              (Dataset<Row> rows, Long batch) ->
                  each.accept(
                      new JobRun(plan.on(rows), place, runId(name, batch), null)
                          .make(rows.sparkSession())))
          .start()
          .awaitTermination();
    } catch (StreamingQueryException | TimeoutException e) {
      throw refusalIn(e);
    }
  }

  /** The run of a batch. */
  static String runId(String name, long batch) {
    return String.format(Locale.ROOT, "%s-%06d", name, batch);
  }

  /** What made the stream end: a run's refusal, or the stream's failure. */
  private static RuntimeException refusalIn(Exception failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof ScoreException)) {
      cause = cause.getCause();
    }
    return cause == null
        ? new ScoreException(ScoreException.Code.STREAM_FAILED, failure.getMessage(), failure)
        : (ScoreException) cause;
  }
}
