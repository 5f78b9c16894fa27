package io.sparkonnx.spark.score;

import static io.sparkonnx.spark.score.TestJob.run;
import static io.sparkonnx.spark.score.TestJob.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.score.ScoreJob.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rows that the model cannot take, in an output of their own. */
@ExtendWith(SparkSessionExtension.class)
class BadRowsAsideTest {
  @TempDir Path folder;

  private Path output() {
    return folder.resolve("out");
  }

  private Path side() {
    return folder.resolve("side");
  }

  private JobSpec job(SparkSession spark, String more) throws Exception {
    String input =
        Files.exists(folder.resolve("in"))
            ? "input: {path: '" + folder.resolve("in") + "'}"
            : TestJob.badRows(spark, folder.resolve("in"));
    return spec(output(), "badRows: {policy: side, path: '" + side() + "'}", input, more);
  }

  @Test
  void badRowsGoAsideWithTheirErrorAndTheOthersToTheOutput(SparkSession spark) throws Exception {
    run(job(spark, "runId: a"), spark);
    assertThat(spark.read().parquet(output().toString()).orderBy("id").collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactly(0L, 2L, 4L);
    assertThat(spark.read().parquet(output().toString()).columns())
        .containsExactly("id", "image", "prediction", "run_id");
    List<Row> bad = spark.read().parquet(side().toString()).orderBy("id").collectAsList();
    assertThat(bad.get(0).schema().fieldNames()).containsExactly("id", "image", "error", "run_id");
    assertThat(bad).extracting(row -> row.getLong(0)).containsExactly(1L, 3L);
    assertThat(bad.get(1).getString(2)).isEqualTo("input image: column image is NULL");
  }

  @Test
  void theyAreCountedAndTheStatusSaysSo(SparkSession spark) throws Exception {
    Outcome outcome = run(job(spark, "runId: a"), spark);
    assertThat(outcome.manifest().rows()).isEqualTo(new RunManifest.RowCounts(3, 2, 2));
    assertThat(outcome.manifest().side()).isEqualTo(new SideOutput("parquet", side().toString()));
    assertThat(outcome.status()).isEqualTo(ExitStatus.DONE_WITH_BAD_ROWS);
  }

  @Test
  void aRunWithoutBadRowsMakesNoOutputOfThem(SparkSession spark) throws Exception {
    run(job(spark, "{runId: a, filter: id % 2 = 0}"), spark);
    assertThat(side()).doesNotExist();
  }

  @Test
  void aRunThatIsRefusedLeavesNothingAside(SparkSession spark) throws Exception {
    JobSpec job = job(spark, "{runId: a, badRows: {maxShare: 0.3}}");
    assertThatThrownBy(() -> run(job, spark))
        .hasMessage("run a has 2 bad rows of 5, a share of 0.400000; at most 0.3 is allowed");
    assertThat(side()).doesNotExist();
    assertThat(output().resolve("run_id=a")).doesNotExist();
  }

  @Test
  void theFormatIsChosen(SparkSession spark) throws Exception {
    run(job(spark, "{runId: a, passThrough: [id], badRows: {format: csv}}"), spark);
    assertThat(spark.read().option("header", true).csv(side().toString()).columns())
        .containsExactly("id", "error", "run_id");
  }

  @Test
  void aColumnOfTheErrorsNameIsRefused(SparkSession spark) throws Exception {
    spark
        .sql("SELECT array(float(1)) AS image, 'x' AS error")
        .write()
        .parquet(folder.resolve("in").toString());
    assertThatThrownBy(() -> run(job(spark, "runId: a"), spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageContaining("a name that no column of the input has is needed, not 'error'");
  }

  @Test
  void rowsOfAnotherFileSystemAreCopiedThere(SparkSession spark) throws Exception {
    spark
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.breaking.impl", BreakingFileSystem.class.getName());
    String path = BreakingFileSystem.SCHEME + ":" + side();
    run(job(spark, "{runId: a, badRows: {path: '" + path + "'}}"), spark);
    assertThat(spark.read().parquet(side().toString()).count()).isEqualTo(2);
    assertThat(side().resolve("run_id=a/_SUCCESS")).exists();
  }

  @Test
  void theDryRunSaysWhereTheyGo(SparkSession spark) throws Exception {
    assertThat(new ScoreJob(job(spark, "runId: a"), spark).describe())
        .anyMatch(
            line -> line.equals("bad rows   to parquet " + side() + ", at most a share of 1.0"));
  }
}
