package io.sparkonnx.spark.score;

import static io.sparkonnx.spark.score.TestJob.run;
import static io.sparkonnx.spark.score.TestJob.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.spark.SparkSessionExtension;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is known of runs that did not come to their end. */
@ExtendWith(SparkSessionExtension.class)
class FailedRunTest {
  @TempDir Path folder;

  private Path output() {
    return folder.resolve("out");
  }

  private RunHistory history() {
    return new RunHistory(output().toString());
  }

  private void fail(SparkSession spark) throws Exception {
    JobSpec job = spec(output(), "runId: a", TestJob.badRows(spark, folder.resolve("in")));
    assertThatThrownBy(() -> run(job, spark)).isInstanceOf(Exception.class);
  }

  @Test
  void aRunThatFailedIsKeptWithItsErrorApartFromThoseThatAreDone(SparkSession spark)
      throws Exception {
    fail(spark);
    assertThat(history().runs()).isEmpty();
    FailedRun failed = history().failures().get(0);
    assertThat(failed.status()).isEqualTo("failed");
    assertThat(failed.error())
        .contains("partition 0, row 1 (row 1 of the batch): input image: column image is NULL");
    assertThat(failed.model().sha256()).hasSize(64);
    assertThat(failed.ended()).isGreaterThan(failed.started());
  }

  @Test
  void itIsListedWithItsErrorBelowIt(SparkSession spark) throws Exception {
    fail(spark);
    List<String> table = history().table();
    assertThat(table.get(1))
        .matches("a +\\S+Z +failed +\\d+ +0 +0.000 +[0-9.]+ +- +- +[0-9a-f]{12}");
    assertThat(table.get(2)).startsWith("    ").contains("column image is NULL");
  }

  @Test
  void whatTooManyBadRowsRefusedHasTheirCounts(SparkSession spark) throws Exception {
    String bad = TestJob.badRows(spark, folder.resolve("in"));
    JobSpec job = spec(output(), "runId: a", "badRows: {policy: null, maxShare: 0}", bad);
    assertThatThrownBy(() -> run(job, spark)).isInstanceOf(ScoreException.class);
    assertThat(history().failures().get(0).rows()).isEqualTo(new FailedRun.RowsSoFar(5, 2));
  }

  @Test
  void onceTheRunIsDoneItsFailureIsForgotten(SparkSession spark) throws Exception {
    fail(spark);
    run(spec(output(), "runId: a"), spark);
    assertThat(history().failures()).isEmpty();
    assertThat(history().runs()).hasSize(1);
  }

  @Test
  void aRunWhoseProcessDiedIsFoundToBeInterrupted(SparkSession spark) throws Exception {
    run(spec(output(), "runId: z"), spark);
    RunStore store = RunStore.of(output().toString(), spark.sparkContext().hadoopConfiguration());
    RunManifest done = store.runs().get(0);
    RunSink sink = RunSink.of(spec(output()).output(), store, spark);
    new Publication(store, sink, store.newStaging())
        .begin(
            new FailedRun(
                RunManifest.SCHEMA,
                "a",
                "running",
                done.started(),
                null,
                null,
                done.model(),
                done.versions(),
                done.input(),
                "out",
                new FailedRun.RowsSoFar(0, 0),
                done.settings()));
    run(spec(output(), "runId: b"), spark);
    assertThat(history().failures())
        .extracting(FailedRun::runId, FailedRun::status)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("a", "interrupted"));
    assertThat(history().table()).anyMatch(line -> line.matches("a +\\S+Z +interrupted .*"));
  }
}
