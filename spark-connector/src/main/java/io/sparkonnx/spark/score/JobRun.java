package io.sparkonnx.spark.score;

import io.sparkonnx.spark.score.JobOutput.Mode;
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
import org.apache.hadoop.fs.ContentSummary;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * One run of a job.
 *
 * @param plan the job
 * @param store of its output
 * @param lock that is held
 * @param runId names the run
 * @param part value of the back-fill, or null
 */
record JobRun(JobPlan plan, RunStore store, RunLock lock, String runId, String part) {

  /** Makes the run unless it is done. */
  Outcome make(SparkSession spark) throws IOException, InterruptedException {
    Optional<RunManifest> before = store.find(runId);
    if (before.isPresent()) {
      return new Outcome(before.get(), true);
    }
    refuseForeign();
    Publication publication = new Publication(store, store.newStaging());
    RunManifest run;
    try {
      run = stage(publication, spark);
      lock.check();
      publication.decide(run);
    } catch (Throwable e) {
      discard(publication, e);
      throw e;
    }
    publication.publish();
    return new Outcome(run, false);
  }

  private static void discard(Publication publication, Throwable failure) {
    try {
      publication.discard();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Refuses to add rows where there are some that no run has written. */
  private void refuseForeign() throws IOException {
    boolean overwrite = plan.spec().output().mode() == Mode.OVERWRITE;
    for (Path path : store.visible()) {
      if (!RunStore.isRun(path) && !overwrite) {
        throw new ScoreException(
            ScoreException.Code.FOREIGN_OUTPUT,
            "output "
                + plan.spec().output().path()
                + " holds "
                + path.getName()
                + ", which no run has written; --mode overwrite replaces it");
      }
      if (path.equals(store.run(runId))) {
        throw new ScoreException(
            ScoreException.Code.FOREIGN_OUTPUT,
            path + " is there, but no manifest says that the run is done; remove it first");
      }
    }
  }

  private RunManifest stage(Publication publication, SparkSession spark)
      throws IOException, InterruptedException {
    Instant started = Instant.now();
    Dataset<Row> scored = plan.scored(part, started);
    String column = plan.spec().column();
    RunObservation observation =
        new RunObservation(
            scored,
            column,
            ScoreColumns.of(
                column, scored.schema().apply(column).dataType(), plan.model().signature()));
    try (CallMetrics metrics = new CallMetrics(spark)) {
      write(observation.rows(), publication.rows());
      RunObservation.Seen seen = observation.seen();
      check(seen.rows());
      return manifest(started, seen, metrics, written(publication.rows()));
    }
  }

  private void write(Dataset<Row> rows, Path path) {
    JobOutput output = plan.spec().output();
    DataFrameWriter<Row> writer = rows.write().format(output.format()).mode(SaveMode.ErrorIfExists);
    if (output.format().equals("csv")) {
      writer.option("header", true);
    }
    writer.options(output.options());
    if (!output.partitionBy().isEmpty()) {
      writer.partitionBy(output.partitionBy().toArray(String[]::new));
    }
    writer.save(path.toString());
  }

  private void check(RowCounts rows) {
    double limit = plan.spec().badRows().maxShare();
    if (rows.bad() > limit * rows.written()) {
      throw new ScoreException(
          ScoreException.Code.TOO_MANY_BAD_ROWS,
          String.format(
              Locale.ROOT,
              "run %s has %,d bad rows of %,d, a share of %.6f; at most %s is allowed",
              runId,
              rows.bad(),
              rows.written(),
              (double) rows.bad() / rows.written(),
              limit));
    }
  }

  private OutputWritten written(Path rows) throws IOException {
    JobOutput output = plan.spec().output();
    ContentSummary size = store.files().getContentSummary(rows);
    return new OutputWritten(
        output.format(),
        store.output().toString(),
        output.mode().name().toLowerCase(Locale.ROOT),
        (int) size.getFileCount(),
        size.getLength(),
        new Replaced(store, output).by(rows));
  }

  private RunManifest manifest(
      Instant started, RunObservation.Seen seen, CallMetrics metrics, OutputWritten written)
      throws IOException, InterruptedException {
    JobSpec spec = plan.spec();
    Instant ended = Instant.now();
    List<RunManifest> runs = store.runs();
    Drift drift = runs.isEmpty() ? null : Drift.between(runs.get(runs.size() - 1), seen.scores());
    Map<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("total", Duration.between(started, ended).toMillis() / 1000.0);
    seconds.putAll(metrics.seconds());
    TimeWindow window = spec.window();
    return new RunManifest(
        RunManifest.SCHEMA,
        runId,
        started.toString(),
        ended.toString(),
        new ModelUsed(plan.model().location(), plan.model().sha256()),
        Versions.current(),
        new InputRead(
            spec.input().format(),
            spec.input().name(),
            spec.filter(),
            window == null ? null : window.since(),
            window == null ? null : window.asOf(),
            part == null ? null : spec.backfill().column() + "=" + part),
        written,
        seen.rows(),
        seen.scores(),
        drift,
        metrics.device(),
        seconds,
        spec.settings());
  }
}
