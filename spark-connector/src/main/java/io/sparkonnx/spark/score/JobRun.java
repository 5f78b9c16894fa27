package io.sparkonnx.spark.score;

import io.sparkonnx.spark.score.FailedRun.RowsSoFar;
import io.sparkonnx.spark.score.RunManifest.InputRead;
import io.sparkonnx.spark.score.RunManifest.ModelUsed;
import io.sparkonnx.spark.score.RunManifest.OutputWritten;
import io.sparkonnx.spark.score.RunManifest.RowCounts;
import io.sparkonnx.spark.score.ScoreJob.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * One run of a job.
 *
 * @param plan the job
 * @param place where runs are made
 * @param runId names the run
 * @param part value of the back-fill, or null
 */
record JobRun(JobPlan plan, Place place, String runId, String part) {

  /**
   * Where the runs of a job are made.
   *
   * @param store of the records
   * @param sink of the rows
   * @param lock that is held
   * @param metrics of the application
   */
  record Place(RunStore store, RunSink sink, RunLock lock, JobMetrics metrics) {}

  /** Makes the run unless it is done. */
  Outcome make(SparkSession spark) throws IOException, InterruptedException {
    Optional<RunManifest> before = place.store().find(runId);
    if (before.isPresent()) {
      return new Outcome(before.get(), true);
    }
    place.sink().check(runId, plan.written());
    if (side() != null) {
      side().check(runId, spark.sparkContext().hadoopConfiguration());
    }
    Instant started = Instant.now();
    FailedRun begun = begun(started);
    Publication publication =
        new Publication(place.store(), place.sink(), place.store().newStaging());
    publication.begin(begun);
    RunManifest run;
    try (CallMetrics metrics = new CallMetrics(spark)) {
      try {
        run = stage(publication.staged(), spark, started, metrics);
        place.lock().check();
        publication.decide(run);
      } catch (Throwable e) {
        fail(begun, e, metrics.soFar());
        discard(publication, e);
        throw e;
      }
    }
    try {
      publication.publish();
    } catch (IOException | RuntimeException e) {
      fail(begun, e, new RowsSoFar(run.rows().written() + run.rows().side(), run.rows().bad()));
      throw e;
    }
    place.metrics().done(run);
    return new Outcome(run, false);
  }

  private SideOutput side() {
    return plan.spec().badRows().side();
  }

  private void fail(FailedRun begun, Throwable failure, RowsSoFar rows) {
    place.metrics().failed(Instant.parse(begun.started()));
    try {
      place.store().fail(begun.failed(failure, rows));
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static void discard(Publication publication, Throwable failure) {
    try {
      publication.discard();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private FailedRun begun(Instant started) {
    return new FailedRun(
        RunManifest.SCHEMA,
        runId,
        "running",
        started.toString(),
        null,
        null,
        model(),
        Versions.current(),
        input(),
        plan.spec().output().name(),
        new RowsSoFar(0, 0),
        plan.spec().settings());
  }

  private ModelUsed model() {
    return new ModelUsed(plan.model().location(), plan.model().sha256());
  }

  private InputRead input() {
    JobSpec spec = plan.spec();
    TimeWindow window = spec.window();
    return new InputRead(
        spec.input().format(),
        spec.input().name(),
        spec.filter(),
        window == null ? null : window.since(),
        window == null ? null : window.asOf(),
        part == null ? null : spec.backfill().column() + "=" + part);
  }

  private RunManifest stage(Path staged, SparkSession spark, Instant started, CallMetrics metrics)
      throws IOException, InterruptedException {
    Dataset<Row> scored = plan.scored(part, started);
    String column = plan.spec().column();
    RunObservation observation =
        new RunObservation(
            scored,
            column,
            ScoreColumns.of(
                column, scored.schema().apply(column).dataType(), plan.model().signature()));
    RunObservation.Seen seen;
    RowCounts rows;
    if (side() == null) {
      place.sink().stage(observation.rows(), runId, staged);
      seen = observation.seen();
      rows = new RowCounts(seen.rows(), seen.bad(), 0);
      check(rows);
    } else {
      Path all = new Path(staged, "scored");
      StagedRows.write(observation.rows(), all);
      seen = observation.seen();
      rows = new RowCounts(seen.rows() - seen.bad(), seen.bad(), seen.bad());
      check(rows);
      split(StagedRows.read(spark, all), seen.bad(), staged);
    }
    OutputWritten written = place.sink().written(staged, rows.written());
    return manifest(started, rows, seen, metrics, written);
  }

  /** Stages good rows and bad ones, each where they go. */
  private void split(Dataset<Row> all, long bad, Path staged) throws IOException {
    Column error = functions.col(SideOutput.ERROR);
    place.sink().stage(all.filter(error.isNull()).drop(SideOutput.ERROR), runId, staged);
    if (bad > 0) {
      side().stage(all.filter(error.isNotNull()).drop(plan.spec().column()), staged);
    }
  }

  private void check(RowCounts rows) {
    double limit = plan.spec().badRows().maxShare();
    long all = rows.written() + rows.side();
    if (rows.bad() > limit * all) {
      throw new ScoreException(
          ScoreException.Code.TOO_MANY_BAD_ROWS,
          String.format(
              Locale.ROOT,
              "run %s has %,d bad rows of %,d, a share of %.6f; at most %s is allowed",
              runId,
              rows.bad(),
              all,
              (double) rows.bad() / all,
              limit));
    }
  }

  private RunManifest manifest(
      Instant started,
      RowCounts rows,
      RunObservation.Seen seen,
      CallMetrics metrics,
      OutputWritten written)
      throws IOException, InterruptedException {
    Instant ended = Instant.now();
    List<RunManifest> runs = place.store().runs();
    Drift drift = runs.isEmpty() ? null : Drift.between(runs.get(runs.size() - 1), seen.scores());
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("total", Duration.between(started, ended).toMillis() / 1000.0);
    seconds.putAll(metrics.seconds());
    return new RunManifest(
        RunManifest.SCHEMA,
        runId,
        started.toString(),
        ended.toString(),
        model(),
        Versions.current(),
        input(),
        written,
        side(),
        rows,
        seen.scores(),
        drift,
        metrics.device(),
        seconds,
        plan.spec().settings());
  }
}
