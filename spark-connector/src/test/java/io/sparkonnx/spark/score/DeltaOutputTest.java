package io.sparkonnx.spark.score;

import static io.sparkonnx.spark.score.TestJob.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.sql.DeltaSparkSessionExtension;
import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.score.ScoreJob.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Runs into tables of Delta Lake. */
@ExtendWith(SparkSessionExtension.class)
class DeltaOutputTest {
  private static SparkSession shared;
  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void createSession(SparkSession session) {
    shared = session;
    spark = deltaSession();
  }

  /** A session of its own, since Delta changes the parser and the catalog. */
  static SparkSession deltaSession() {
    SparkSession delta =
        org.apache.spark.sql.classic.SparkSession.builder()
            .withExtensions(new DeltaSparkSessionExtension())
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.sql.shuffle.partitions", "3")
            .config("spark.databricks.delta.snapshotPartitions", "1")
            .create();
    SparkSession.setActiveSession(delta);
    return delta;
  }

  @AfterAll
  static void leaveSession() {
    SparkSession.setActiveSession(shared);
  }

  private Path output() {
    return folder.resolve("out");
  }

  private JobSpec job(String... pieces) throws Exception {
    String[] all = new String[pieces.length + 1];
    all[0] = "output: {format: delta}";
    System.arraycopy(pieces, 0, all, 1, pieces.length);
    return TestJob.spec(output(), all);
  }

  private List<String> runs() {
    return spark
        .read()
        .format("delta")
        .load(output().toString())
        .groupBy("run_id")
        .count()
        .orderBy("run_id")
        .collectAsList()
        .stream()
        .map(row -> row.get(0) + ":" + row.get(1))
        .toList();
  }

  @Test
  void appendLeavesEarlierRunsAndNoneIsDoneTwice() throws Exception {
    run(job("runId: a"), spark);
    run(job("{runId: b, filter: id < 1347}"), spark);
    Outcome again = run(job("runId: a"), spark);
    assertThat(again.before()).isTrue();
    assertThat(runs()).containsExactly("a:500", "b:50");
  }

  @Test
  void overwriteReplacesAllRows() throws Exception {
    run(job("runId: a"), spark);
    run(job("{runId: b, filter: id < 1347, output: {mode: overwrite}}"), spark);
    assertThat(runs()).containsExactly("b:50");
  }

  @Test
  void partitionsReplacesThoseThatTheRunHasRowsOf() throws Exception {
    String mode = "output: {mode: partitions, partitionBy: label}";
    run(job("runId: a", mode), spark);
    run(job("{runId: b, filter: label < 2}", mode), spark);
    assertThat(
            spark
                .read()
                .format("delta")
                .load(output().toString())
                .filter("(label < 2) != (run_id = 'b')")
                .count())
        .isZero();
    assertThat(spark.read().format("delta").load(output().toString()).count()).isEqualTo(500);
  }

  @Test
  void aRunThatIsPublishedAgainIsThereOnce() throws Exception {
    JobSpec job = job("runId: a");
    RunStore store = RunStore.of(job.output().folder(), spark.sparkContext().hadoopConfiguration());
    Outcome outcome = run(job("{runId: z, filter: id < 0}"), spark);
    RunSink sink = RunSink.of(job.output(), store, spark);
    org.apache.hadoop.fs.Path staged = store.newStaging();
    sink.stage(JobPlan.of(job, spark).scored(null, java.time.Instant.EPOCH), "a", staged);
    sink.publish(outcome.manifest(), staged);
    sink.publish(outcome.manifest(), staged);
    assertThat(runs()).containsExactly("z:500");
  }

  @Test
  void aRunWhoseManifestIsRemovedIsMadeAgain() throws Exception {
    run(job("{runId: a, filter: id < 1347}"), spark);
    Files.delete(output().resolve("_spark_onnx/manifests/a.json"));
    run(job("{runId: a, filter: id < 1347, output: {mode: overwrite}}"), spark);
    assertThat(runs()).containsExactly("a:50");
  }

  @Test
  void aTableOfDeltaInTheCatalogTakesRunsAsTransactions() throws Exception {
    spark.sql(
        "CREATE TABLE digits_in_delta (id BIGINT, prediction ARRAY<FLOAT>, run_id STRING) USING"
            + " delta LOCATION '"
            + output()
            + "'");
    try {
      JobSpec job =
          TestJob.table(
              "table", "digits_in_delta", folder.resolve("state"), "{runId: a, passThrough: [id]}");
      run(job, spark);
      assertThat(spark.table("digits_in_delta").count()).isEqualTo(500);
      assertThat(
              spark.sql("DESCRIBE HISTORY digits_in_delta").filter("operation = 'WRITE'").count())
          .isEqualTo(1);
    } finally {
      spark.sql("DROP TABLE digits_in_delta");
    }
  }

  @Test
  void aTableWithOtherColumnsIsRefusedBeforeAnythingIsScored() throws Exception {
    run(job("{runId: a, passThrough: [id]}"), spark);
    assertThatThrownBy(() -> run(job("{runId: b, passThrough: [id, label]}"), spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageStartingWith("output " + output() + " has no column 'label'; the run writes ");
  }

  @Test
  void otherPartitionsAreRefusedBeforeAnythingIsScored() throws Exception {
    run(job("{runId: a, output: {partitionBy: label}}"), spark);
    assertThatThrownBy(() -> run(job("{runId: b, output: {partitionBy: id}}"), spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageStartingWith("output " + output() + " is partitioned by [label], not by [id]");
  }

  @Test
  void aFolderOfOtherFilesIsRefused() throws Exception {
    Files.createDirectory(output());
    Files.createFile(output().resolve("old"));
    assertThatThrownBy(() -> run(job("runId: a"), spark))
        .isInstanceOf(ScoreException.class)
        .hasMessage("output " + output() + " holds old and is no table of Delta Lake");
  }

  @Test
  void aTableOfDeltaIsAnInput() throws Exception {
    spark.read().parquet(TestJob.DIGITS).write().format("delta").save(output().toString());
    JobSpec job =
        JobReader.read(
            TestJob.keys(
                "{model: " + TestJob.MODEL + ", input: {format: delta, path: '" + output() + "'}}",
                "output: {path: '" + folder.resolve("files") + "'}"));
    assertThat(run(job, spark).manifest().rows().written()).isEqualTo(500);
  }
}
