package io.sparkonnx.spark.score;

import static io.sparkonnx.spark.score.TestJob.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.score.ScoreJob.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that score what is new. */
@ExtendWith(SparkSessionExtension.class)
class IncrementalRunsTest {
  @TempDir Path folder;

  private Path input() {
    return folder.resolve("in");
  }

  private Path output() {
    return folder.resolve("out");
  }

  private void add(SparkSession spark, String condition) {
    spark
        .read()
        .parquet(TestJob.DIGITS)
        .filter(condition)
        .coalesce(1)
        .write()
        .mode("append")
        .parquet(input().toString());
  }

  private JobSpec job() throws Exception {
    return spec(output(), "{incremental: true, runId: s}", "input: {path: '" + input() + "'}");
  }

  private Dataset<Row> written(SparkSession spark) {
    return spark.read().parquet(output().toString());
  }

  @Test
  void eachStartMakesARunOfWhatIsNew(SparkSession spark) throws Exception {
    add(spark, "label < 3");
    List<Outcome> first = TestJob.all(job(), spark);
    add(spark, "label >= 3");
    List<Outcome> second = TestJob.all(job(), spark);
    assertThat(first).extracting(run -> run.manifest().runId()).containsExactly("s-000000");
    assertThat(second).extracting(run -> run.manifest().runId()).containsExactly("s-000001");
    assertThat(written(spark).count()).isEqualTo(500);
    assertThat(written(spark).select("id").distinct().count()).isEqualTo(500);
  }

  @Test
  void whereNothingIsNewNoRunIsMade(SparkSession spark) throws Exception {
    add(spark, "label < 3");
    TestJob.all(job(), spark);
    assertThat(TestJob.all(job(), spark)).isEmpty();
  }

  /** The process died after the rows were published and before the stream noted it. */
  @Test
  void aBatchThatIsDoneIsNotDoneAgain(SparkSession spark) throws Exception {
    add(spark, "label < 3");
    TestJob.all(job(), spark);
    try (Stream<Path> commits = Files.walk(output().resolve("_spark_onnx/checkpoints/s/commits"))) {
      for (Path file : commits.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    assertThat(TestJob.all(job(), spark)).extracting(Outcome::before).containsExactly(true);
    assertThat(written(spark).select("id").distinct().count()).isEqualTo(written(spark).count());
  }

  @Test
  void aRunThatIsRefusedIsMadeAgainAtTheNextStart(SparkSession spark) throws Exception {
    spark.sql("SELECT array(float(1)) AS image").write().parquet(input().toString());
    String policy = "badRows: {policy: null, maxShare: ";
    String incremental = "{incremental: true, runId: s}";
    String in = "input: {path: '" + input() + "'}";
    JobSpec strict = spec(output(), incremental, in, policy + "0}");
    assertThatThrownBy(() -> TestJob.all(strict, spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageStartingWith("run s-000000 has 1 bad rows of 1");
    List<Outcome> again = TestJob.all(spec(output(), incremental, in, policy + "1}"), spark);
    assertThat(again).extracting(run -> run.manifest().runId()).containsExactly("s-000000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{incremental: true}",
        "{incremental: true, runId: s, output: {mode: overwrite}}",
        "{incremental: true, runId: s, backfill: {column: id, from: a, to: b}}",
        "{incremental: true, runId: s, input: {format: table}}",
      })
  void refusesWhatDoesNotGoWithIt(String keys) {
    assertThatThrownBy(() -> spec(output(), keys))
        .isInstanceOf(ScoreException.class)
        .hasMessageContaining("incremental");
  }
}
