package io.sparkonnx.spark.score;

import static io.sparkonnx.spark.score.TestJob.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.score.ScoreJob.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Runs into tables of Spark's catalog. */
@ExtendWith(SparkSessionExtension.class)
class TableOutputTest {
  private static int tables;

  @TempDir Path folder;
  private String table;

  @BeforeEach
  void nameTable() {
    table = "scores_of_digits_" + tables++;
  }

  @AfterEach
  void drop() {
    SparkSessionExtension.session().sql("DROP TABLE IF EXISTS " + table);
  }

  private JobSpec job(String... pieces) throws Exception {
    return TestJob.table("table", table, folder.resolve("state"), pieces);
  }

  private List<String> runs(SparkSession spark) {
    return spark.table(table).groupBy("run_id").count().orderBy("run_id").collectAsList().stream()
        .map(row -> row.get(0) + ":" + row.get(1))
        .toList();
  }

  @Test
  void theTableIsMadeWithAPartitionForEachRun(SparkSession spark) throws Exception {
    run(job("{runId: a, passThrough: [id]}"), spark);
    assertThat(spark.table(table).columns()).containsExactly("id", "prediction", "run_id");
    assertThat(spark.sql("SHOW PARTITIONS " + table).collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("run_id=a");
  }

  @Test
  void appendLeavesEarlierRunsAndNoneIsDoneTwice(SparkSession spark) throws Exception {
    run(job("runId: a"), spark);
    run(job("{runId: b, filter: id < 1347}"), spark);
    Outcome again = run(job("runId: a"), spark);
    assertThat(again.before()).isTrue();
    assertThat(runs(spark)).containsExactly("a:500", "b:50");
  }

  @Test
  void overwriteReplacesAllRows(SparkSession spark) throws Exception {
    run(job("runId: a"), spark);
    run(job("{runId: b, filter: id < 1347, output: {mode: overwrite}}"), spark);
    assertThat(runs(spark)).containsExactly("b:50");
  }

  @Test
  void partitionsReplacesThoseThatTheRunHasRowsOf(SparkSession spark) throws Exception {
    String mode = "output: {mode: partitions, partitionBy: label}";
    run(job("runId: a", mode), spark);
    RunManifest second = run(job("{runId: b, filter: label < 2}", mode), spark).manifest();
    assertThat(second.output().replaced())
        .containsExactlyInAnyOrder("run_id=a/label=0", "run_id=a/label=1");
    assertThat(spark.table(table).filter("run_id = 'a' and label < 2").count()).isZero();
    assertThat(spark.table(table).filter("run_id = 'b'").select("label").distinct().count())
        .isEqualTo(2);
    assertThat(spark.table(table).select("id").distinct().count())
        .isEqualTo(spark.table(table).count())
        .isEqualTo(500);
  }

  @Test
  void partitionsOfDatesTextsAndNullAreReplaced(SparkSession spark) throws Exception {
    Path input = folder.resolve("in");
    spark
        .read()
        .parquet(TestJob.DIGITS)
        .selectExpr(
            "id",
            "image",
            "date_add(date'2026-11-01', label) AS day",
            "if(label % 2 = 0, NULL, 'it\\'s a=b/c') AS text")
        .write()
        .parquet(input.toString());
    String in = "input: {path: '" + input + "'}";
    String mode = "output: {mode: partitions, partitionBy: [day, text]}";
    run(job("runId: a", in, mode), spark);
    run(job("runId: b", in, mode), spark);
    assertThat(runs(spark)).containsExactly("b:500");
  }

  @Test
  void aRunThatIsPublishedAgainIsThereOnce(SparkSession spark) throws Exception {
    JobSpec job = job("{runId: a, output: {partitionBy: label}}");
    Outcome outcome = run(job, spark);
    RunStore store = RunStore.of(job.output().folder(), spark.sparkContext().hadoopConfiguration());
    RunSink sink = RunSink.of(job.output(), store, spark);
    org.apache.hadoop.fs.Path staged = store.newStaging();
    sink.stage(JobPlan.of(job, spark).scored(null, java.time.Instant.EPOCH), "a", staged);
    sink.publish(outcome.manifest(), staged);
    assertThat(runs(spark)).containsExactly("a:500");
  }

  @Test
  void aRunWithoutRowsIsDone(SparkSession spark) throws Exception {
    run(job("{runId: a, filter: id < 0}"), spark);
    assertThat(spark.table(table).count()).isZero();
  }

  @Test
  void aTableWithOtherPartitionsIsRefused(SparkSession spark) throws Exception {
    spark.sql(
        "CREATE TABLE " + table + " (id INT, label INT) USING parquet PARTITIONED BY (label)");
    assertThatThrownBy(() -> run(job("runId: a"), spark))
        .isInstanceOf(ScoreException.class)
        .hasMessage(
            "output "
                + table
                + " is partitioned by [label], a table whose partitions [run_id] are in the"
                + " catalog is needed");
  }

  @Test
  void aTableWithOtherColumnsIsRefusedWithAllOfThem(SparkSession spark) throws Exception {
    spark.sql(
        "CREATE TABLE "
            + table
            + " (id STRING, more INT, run_id STRING) USING parquet PARTITIONED BY (run_id)");
    assertThatThrownBy(() -> run(job("{runId: a, passThrough: [id]}"), spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageStartingWith(
            "output " + table + " has 'id' of type string, has no column 'prediction'; ");
  }

  @Test
  void aNameThatIsNoneOfSparksCatalogIsRefused(SparkSession spark) throws Exception {
    table = "a.b.c.d";
    JobSpec job = job("runId: a");
    table = "scores_of_digits";
    assertThatThrownBy(() -> run(job, spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageContaining("output a.b.c.d is no name of a table in Spark's own catalog");
  }
}
