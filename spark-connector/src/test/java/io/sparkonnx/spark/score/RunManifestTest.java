package io.sparkonnx.spark.score;

import static io.sparkonnx.spark.score.TestJob.run;
import static io.sparkonnx.spark.score.TestJob.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.TestModel;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a run afterwards. */
@ExtendWith(SparkSessionExtension.class)
class RunManifestTest {
  @TempDir Path folder;

  private Path output() {
    return folder.resolve("out");
  }

  /** The job -x over numbers x. */
  private JobSpec negated(SparkSession spark, String runId, String numbers) throws Exception {
    Path input = folder.resolve(runId);
    spark.sql("SELECT float(x) AS x FROM " + numbers).write().parquet(input.toString());
    String model =
        new TestModel()
            .input("x", ElementType.FLOAT, "N")
            .node("Neg", List.of("x"), List.of("y"))
            .output("y", ElementType.FLOAT, "N")
            .write(folder, "negative.onnx");
    return spec(output(), "runId: " + runId, "model: " + model, "input: {path: '" + input + "'}");
  }

  @Test
  void countsFiniteScoresAndDescribesThem(SparkSession spark) throws Exception {
    String numbers =
        "(SELECT id AS x FROM range(1001) UNION ALL VALUES (double('NaN')), (double('Infinity')))";
    ScoreStatistics scores =
        run(negated(spark, "a", numbers), spark).manifest().scores().get("prediction");
    assertThat(scores.count()).isEqualTo(1001);
    assertThat(scores.missing()).isEqualTo(2);
    assertThat(scores.min()).isEqualTo(-1000);
    assertThat(scores.max()).isCloseTo(0.0, within(0.0));
    assertThat(scores.mean()).isEqualTo(-500);
    assertThat(scores.percentiles()).hasSize(99).isSorted();
    for (int percent = 1; percent < 100; percent++) {
      assertThat(scores.percentiles().get(percent - 1))
          .isCloseTo(-1000 + 10.0 * percent, within(2.0));
    }
  }

  @Test
  void theFirstRunHasNoDriftAndLaterOnesHaveItAgainstTheOneBefore(SparkSession spark)
      throws Exception {
    RunManifest first =
        run(negated(spark, "a", "(SELECT id AS x FROM range(1000))"), spark).manifest();
    RunManifest same =
        run(negated(spark, "b", "(SELECT id AS x FROM range(1000))"), spark).manifest();
    RunManifest moved =
        run(negated(spark, "c", "(SELECT id / 2 AS x FROM range(1000))"), spark).manifest();
    assertThat(first.drift()).isNull();
    assertThat(same.drift().against()).isEqualTo("a");
    assertThat(same.drift().psi().get("prediction")).isCloseTo(0, within(0.01));
    assertThat(moved.drift().against()).isEqualTo("b");
    assertThat(moved.drift().psi().get("prediction")).isGreaterThan(1);
  }

  @Test
  void eachElementOfASmallOutputIsAScore(SparkSession spark) throws Exception {
    RunManifest run = run(spec(output(), "runId: a"), spark).manifest();
    assertThat(run.scores()).hasSize(10).containsKeys("prediction[0]", "prediction[9]");
    assertThat(run.scores().get("prediction[3]").max()).isBetween(0.5, 1.0);
  }

  @Test
  void saysWhatRanAndWhere(SparkSession spark) throws Exception {
    RunManifest run =
        run(spec(output(), "{runId: a, filter: label = 3, device: cpu}"), spark).manifest();
    assertThat(run.model().sha256()).hasSize(64);
    assertThat(run.model().location()).isEqualTo(TestJob.MODEL);
    assertThat(run.versions().spark()).isEqualTo(spark.version());
    assertThat(run.input())
        .isEqualTo(
            new RunManifest.InputRead("parquet", TestJob.DIGITS, "label = 3", null, null, null));
    assertThat(run.output().bytes()).isPositive();
    assertThat(run.device().batches()).isPositive();
    assertThat(run.device().onDevice()).isZero();
    assertThat(run.seconds()).containsKeys("total", "load", "compute", "convertIn");
    assertThat(run.seconds().get("compute")).isPositive();
  }

  @Test
  void aManifestReadsAsItWasWritten(SparkSession spark) throws Exception {
    run(spec(output(), "runId: a"), spark);
    RunManifest written = run(spec(output(), "{runId: b, filter: label = 3}"), spark).manifest();
    assertThat(new RunHistory(output().toString()).runs().get(1)).isEqualTo(written);
  }

  @Test
  void runsAreListedInTheirOrder(SparkSession spark) throws Exception {
    run(spec(output(), "runId: z"), spark);
    run(spec(output(), "{runId: a, filter: label = 3}"), spark);
    List<String> table = new RunHistory(output().toString()).table();
    assertThat(table).hasSize(3);
    assertThat(table.get(1))
        .matches("z +\\S+Z +done +500 +0 +0\\.000 +[0-9.]+ +cpu +- +[0-9a-f]{12}");
    assertThat(table.get(2)).matches("a +\\S+Z .* cpu +[0-9.]+ +[0-9a-f]{12}");
  }

  @Test
  void twoRunsAreComparedByTheirScores(SparkSession spark) throws Exception {
    run(negated(spark, "a", "(SELECT id AS x FROM range(1001))"), spark);
    run(negated(spark, "b", "(SELECT 2 * id AS x FROM range(1001))"), spark);
    assertThat(new RunHistory(output().toString()).comparison("a", "b"))
        .anyMatch(line -> line.matches("rows +1001 +1001"))
        .anyMatch(line -> line.matches("prediction mean +-500.0 +-1000.0"))
        .anyMatch(line -> line.matches("prediction max +-?0.0 +-?0.0"))
        .anyMatch(line -> line.matches("prediction drift +[0-9.]+"));
  }

  @Test
  void anOutputWithoutRunsIsNamed() {
    assertThatThrownBy(() -> new RunHistory(output().toString()).runs())
        .isInstanceOf(ScoreException.class)
        .hasMessage("there are no runs in " + output());
  }

  @Test
  void aRunThatIsNotThereIsNamed(SparkSession spark) throws Exception {
    run(spec(output(), "runId: a"), spark);
    assertThatThrownBy(() -> new RunHistory(output().toString()).comparison("a", "b"))
        .isInstanceOf(ScoreException.class)
        .hasMessage("there is no run b in " + output());
  }
}
