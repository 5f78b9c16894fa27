package io.sparkonnx.spark.score;

import static io.sparkonnx.spark.score.TestJob.DEMO;
import static io.sparkonnx.spark.score.TestJob.run;
import static io.sparkonnx.spark.score.TestJob.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.TestModel;
import io.sparkonnx.spark.score.ScoreJob.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

@ExtendWith(SparkSessionExtension.class)
class ScoreJobTest {
  @TempDir Path folder;

  private Path output() {
    return folder.resolve("out");
  }

  private Dataset<Row> written(SparkSession spark) {
    return spark.read().parquet(output().toString());
  }

  /** The ids of the runs that readers see, with their numbers of rows. */
  private List<String> runs(SparkSession spark) {
    return written(spark).groupBy("run_id").count().orderBy("run_id").collectAsList().stream()
        .map(row -> row.get(0) + ":" + row.get(1))
        .toList();
  }

  @Test
  void passesAllColumnsThroughAndAddsTheOutput(SparkSession spark) throws Exception {
    run(spec(output(), "runId: a"), spark);
    assertThat(written(spark).columns())
        .containsExactly("id", "image", "label", "prediction", "run_id");
    assertThat(written(spark).filter("size(prediction) = 10").count()).isEqualTo(500);
  }

  @Test
  void leavesOnlyTheRunAndItsManifestBehind(SparkSession spark) throws Exception {
    run(spec(output(), "runId: a"), spark);
    try (Stream<Path> files = Files.walk(output())) {
      assertThat(files.filter(Files::isRegularFile).map(file -> output().relativize(file)))
          .extracting(Path::toString)
          .filteredOn(name -> !name.endsWith(".crc"))
          .allMatch(
              name ->
                  name.startsWith("run_id=a/part-")
                      || name.equals("run_id=a/_SUCCESS")
                      || name.equals("_spark_onnx/manifests/a.json"));
    }
    assertThat(output().resolve("_spark_onnx/staging")).isEmptyDirectory();
  }

  @Test
  void aRunThatIsDoneIsNotDoneAgain(SparkSession spark) throws Exception {
    Outcome first = run(spec(output(), "runId: a"), spark);
    Outcome second = run(spec(output(), "runId: a"), spark);
    assertThat(first.before()).isFalse();
    assertThat(second.before()).isTrue();
    assertThat(second.manifest()).isEqualTo(first.manifest());
    assertThat(runs(spark)).containsExactly("a:500");
  }

  @Test
  void appendLeavesEarlierRuns(SparkSession spark) throws Exception {
    run(spec(output(), "runId: a"), spark);
    run(spec(output(), "{runId: b, filter: id < 1307}"), spark);
    assertThat(runs(spark)).containsExactly("a:500", "b:10");
  }

  @Test
  void overwriteReplacesEarlierRuns(SparkSession spark) throws Exception {
    run(spec(output(), "runId: a"), spark);
    run(spec(output(), "{runId: b, filter: id < 1307, output: {mode: overwrite}}"), spark);
    assertThat(runs(spark)).containsExactly("b:10");
  }

  @Test
  void overwriteReplacesWhatNoRunHasWritten(SparkSession spark) throws Exception {
    Files.createDirectory(output());
    Files.writeString(output().resolve("old"), "old", StandardCharsets.UTF_8);
    run(spec(output(), "{runId: b, output: {mode: overwrite}}"), spark);
    assertThat(output().resolve("old")).doesNotExist();
    assertThat(runs(spark)).containsExactly("b:500");
  }

  @Test
  void partitionsReplacesThoseThatTheRunHasRowsOf(SparkSession spark) throws Exception {
    String keys = "output: {mode: partitions, partitionBy: label}";
    run(spec(output(), "runId: a", keys), spark);
    run(spec(output(), "runId: b", "filter: label < 3 and id < 1400", keys), spark);
    Dataset<Row> rows = written(spark);
    assertThat(rows.filter("run_id = 'a' and label < 3").count()).isZero();
    assertThat(rows.filter("run_id = 'a'").count())
        .isEqualTo(spark.read().parquet(TestJob.DIGITS).filter("label >= 3").count());
    assertThat(rows.filter("run_id = 'b'").count())
        .isEqualTo(spark.read().parquet(TestJob.DIGITS).filter("label < 3 and id < 1400").count());
  }

  @Test
  void aRunOfWhichNoPartitionIsLeftGoes(SparkSession spark) throws Exception {
    String keys = "output: {mode: partitions, partitionBy: label}";
    run(spec(output(), "runId: a", keys), spark);
    run(spec(output(), "runId: b", keys), spark);
    assertThat(output().resolve("run_id=a")).doesNotExist();
    assertThat(runs(spark)).containsExactly("b:500");
  }

  @Test
  void refusesAnOutputThatHoldsWhatNoRunHasWritten(SparkSession spark) throws Exception {
    Files.createDirectory(output());
    Files.writeString(output().resolve("old"), "old", StandardCharsets.UTF_8);
    JobSpec job = spec(output(), "runId: a");
    assertThatThrownBy(() -> run(job, spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageContaining("holds old, which no run has written; --mode overwrite replaces it");
  }

  @Test
  void refusesTheDirectoryOfARunWithoutItsManifest(SparkSession spark) throws Exception {
    Files.createDirectories(output().resolve("run_id=a"));
    JobSpec job = spec(output(), "runId: a");
    assertThatThrownBy(() -> run(job, spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageContaining("run_id=a is there, but no manifest says that the run is done");
  }

  @Test
  void refusesTheRootOfAFileSystem(SparkSession spark) throws Exception {
    JobSpec job = spec(Path.of("/"), "runId: a");
    assertThatThrownBy(() -> run(job, spark))
        .isInstanceOf(ScoreException.class)
        .hasMessage("output / is the root of a file system; a folder below it is needed");
  }

  @Test
  void aJobThatFailsLeavesNothingVisible(SparkSession spark) throws Exception {
    Path input = folder.resolve("in");
    spark.sql("SELECT array(cast(1 AS FLOAT)) AS image").write().parquet(input.toString());
    JobSpec job = spec(output(), "{runId: a, input: {path: '" + input + "'}}");
    assertThatThrownBy(() -> run(job, spark)).hasStackTraceContaining("image");
    try (Stream<Path> files = Files.walk(output())) {
      assertThat(files.filter(Files::isRegularFile).map(file -> output().relativize(file)))
          .extracting(Path::toString)
          .filteredOn(name -> !name.endsWith(".crc"))
          .containsExactly("_spark_onnx/failed/a.json");
    }
  }

  private String badRows(SparkSession spark) {
    return TestJob.badRows(spark, folder.resolve("in"));
  }

  @Test
  void badRowsAreNullAndCounted(SparkSession spark) throws Exception {
    Outcome outcome =
        run(spec(output(), "{runId: a, badRows: {policy: null}}", badRows(spark)), spark);
    assertThat(outcome.manifest().rows()).isEqualTo(new RunManifest.RowCounts(5, 2, 0));
    assertThat(outcome.status()).isEqualTo(ExitStatus.DONE_WITH_BAD_ROWS);
    assertThat(written(spark).filter("prediction IS NULL").count()).isEqualTo(2);
  }

  @Test
  void asManyBadRowsAsAllowedAreNoFailure(SparkSession spark) throws Exception {
    String keys = "badRows: {policy: null, maxShare: 0.4}";
    assertThat(run(spec(output(), keys, badRows(spark)), spark).manifest().rows().bad())
        .isEqualTo(2);
  }

  @Test
  void moreBadRowsThanAllowedFailTheRunAndNothingIsVisible(SparkSession spark) throws Exception {
    JobSpec job =
        spec(output(), "runId: a", "badRows: {policy: null, maxShare: 0.39}", badRows(spark));
    assertThatThrownBy(() -> run(job, spark))
        .isInstanceOf(ScoreException.class)
        .hasMessage("run a has 2 bad rows of 5, a share of 0.400000; at most 0.39 is allowed")
        .extracting(e -> ((ScoreException) e).status())
        .isEqualTo(ExitStatus.FAILED);
    assertThat(output().resolve("run_id=a")).doesNotExist();
    assertThat(output().resolve("_spark_onnx/manifests/a.json")).doesNotExist();
  }

  @Test
  void anInputWithoutRowsIsARunWithoutRows(SparkSession spark) throws Exception {
    Outcome outcome = run(spec(output(), "{runId: a, filter: id < 0}"), spark);
    assertThat(outcome.manifest().rows()).isEqualTo(new RunManifest.RowCounts(0, 0, 0));
    assertThat(written(spark).count()).isZero();
  }

  @Test
  void refusesAnInputThatIsNotThere(SparkSession spark) throws Exception {
    Path missing = folder.resolve("missing");
    JobSpec job = spec(output(), "input: {path: '" + missing + "'}");
    assertThatThrownBy(() -> run(job, spark))
        .isInstanceOf(ScoreException.class)
        .hasMessage("there is no input " + missing);
  }

  @Test
  void refusesAModelThatIsNotThere(SparkSession spark) throws Exception {
    JobSpec job = spec(output(), "model: " + folder.resolve("missing.onnx"));
    assertThatThrownBy(() -> run(job, spark)).hasMessageContaining("missing.onnx");
  }

  @Test
  void refusesAModelWithAnotherHash(SparkSession spark) throws Exception {
    JobSpec job = spec(output(), "sha256: '" + "0".repeat(64) + "'");
    assertThatThrownBy(() -> run(job, spark)).hasMessageContaining("0".repeat(64));
  }

  @Test
  void namesAllColumnsThatDoNotFitAtOnce(SparkSession spark) throws Exception {
    JobSpec job =
        spec(
            output(),
            "column: label",
            "passThrough: [id, label, name]",
            "output: {partitionBy: day}",
            "window: {column: id, since: 2026-11-01}",
            "backfill: {column: month, from: a, to: b}");
    assertThatThrownBy(() -> run(job, spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageContaining(
            "column: a name that no column of the input has is needed, not 'label'")
        .hasMessageContaining(
            "passThrough: one of the columns [id, image, label] is needed, not 'name'")
        .hasMessageContaining("output.partitionBy: one of the columns ")
        .hasMessageContaining("window.column: a column of dates or timestamps is needed, not 'id'")
        .hasMessageContaining("backfill.column: one of the columns ");
  }

  @Test
  void namesAllWrongMappingsAtOnce(SparkSession spark) throws Exception {
    JobSpec job = spec(output(), "mapping: {picture: image}");
    assertThatThrownBy(() -> run(job, spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageContaining("the model has no input 'picture'")
        .hasMessageContaining("the mapping says nothing of input 'image'")
        .hasMessageContaining("image: float [batch, 1, 8, 8]");
  }

  @Test
  void namesAColumnThatTheRowsLack(SparkSession spark) throws Exception {
    JobSpec job = spec(output(), "mapping: {image: 'transform(picture, x -> x / 2)'}");
    assertThatThrownBy(() -> run(job, spark))
        .hasMessageContaining("the rows have no column 'picture' for input 'image'");
  }

  @Test
  void anInputIsAnExpression(SparkSession spark) throws Exception {
    run(spec(output(), "{runId: a, filter: id < 1347}"), spark);
    run(
        spec(
            output(),
            "{runId: b, filter: id < 1347}",
            "mapping: {image: 'transform(image, x -> x / float(1))'}"),
        spark);
    assertThat(written(spark).groupBy("id", "prediction").count().filter("count = 2").count())
        .isEqualTo(50);
  }

  @Test
  void assemblesManyColumnsIntoOneInput(SparkSession spark) throws Exception {
    Path rows = DEMO.resolve("data/breast_cancer.parquet");
    String[] columns = spark.read().parquet(rows.toString()).columns();
    List<String> features = Arrays.asList(columns).subList(1, 31);
    run(
        spec(
            output(),
            "model: " + DEMO.resolve("models/breast_cancer.onnx"),
            "input: {path: " + rows + "}",
            "mapping: {features: " + features + "}",
            "column: p"),
        spark);
    assertThat(written(spark).filter("p.label = label").count()).isEqualTo(167);
  }

  @Test
  void keepsTheColumnsThatAreNamed(SparkSession spark) throws Exception {
    run(spec(output(), "{runId: a, passThrough: [id], lineage: true}"), spark);
    assertThat(written(spark).columns())
        .containsExactly(
            "id", "prediction", "model_sha256", "spark_onnx_version", "scored_at", "run_id");
    assertThat(written(spark).select("model_sha256", "scored_at").distinct().count()).isOne();
  }

  private String days(SparkSession spark) {
    Path input = folder.resolve("days");
    spark
        .read()
        .parquet(TestJob.DIGITS)
        .selectExpr(
            "*",
            "date_add(date'2026-11-01', int(id % 5)) AS day",
            "timestamp'2026-11-01 00:00:00' + make_dt_interval(int(id % 5)) AS at")
        .write()
        .parquet(input.toString());
    return "input: {path: '" + input + "'}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"day", "at"})
  void aWindowTakesRowsFromItsStartToBeforeItsEnd(String column) throws Exception {
    SparkSession spark = SparkSessionExtension.session();
    String keys = "window: {column: " + column + ", since: 2026-11-02, asOf: 2026-11-04}";
    run(spec(output(), "runId: a", keys, days(spark)), spark);
    assertThat(written(spark).select("day").distinct().orderBy("day").collectAsList())
        .extracting(row -> row.get(0).toString())
        .containsExactly("2026-11-02", "2026-11-03");
    assertThat(written(spark).count()).isEqualTo(200);
  }

  @Test
  void aBackfillMakesARunOfEachValueAndNoneTwice(SparkSession spark) throws Exception {
    String input = days(spark);
    String shorter = "backfill: {column: day, from: 2026-11-01, to: 2026-11-02}";
    String longer = "backfill: {column: day, from: 2026-11-01, to: 2026-11-04}";
    TestJob.all(spec(output(), shorter, input), spark);
    List<Outcome> runs = TestJob.all(spec(output(), longer, input), spark);
    assertThat(runs)
        .extracting(run -> run.manifest().runId(), Outcome::before)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("2026-11-01", true),
            org.assertj.core.groups.Tuple.tuple("2026-11-02", true),
            org.assertj.core.groups.Tuple.tuple("2026-11-03", false),
            org.assertj.core.groups.Tuple.tuple("2026-11-04", false));
    assertThat(written(spark).count()).isEqualTo(400);
    assertThat(written(spark).filter("run_id = day").count()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"orc", "json", "arrow"})
  void writesOtherFormats(String format) throws Exception {
    SparkSession spark = SparkSessionExtension.session();
    run(spec(output(), "{runId: a, output: {format: " + format + "}}"), spark);
    assertThat(spark.read().format(format).load(output().resolve("run_id=a").toString()).count())
        .isEqualTo(500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"orc", "json", "arrow"})
  void readsOtherFormats(String format) throws Exception {
    SparkSession spark = SparkSessionExtension.session();
    String input = folder.resolve("in").toString();
    spark.read().parquet(TestJob.DIGITS).write().format(format).save(input);
    String keys = "input: {format: " + format + ", path: '" + input + "'}";
    run(spec(output(), "{runId: a, mapping: {image: 'cast(image AS array<float>)'}}", keys), spark);
    assertThat(written(spark).filter("prediction IS NOT NULL").count()).isEqualTo(500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"input", "output"})
  void aFormatWhosePackageIsMissingIsNamedWithTheRemedy(String side) throws Exception {
    SparkSession spark = SparkSessionExtension.session();
    JobSpec job = spec(output(), side + ": {format: avro}");
    assertThatThrownBy(() -> run(job, spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageStartingWith(
            "the format avro needs a package: --packages org.apache.spark:spark-avro_2.13:")
        .extracting(e -> ((ScoreException) e).status())
        .isEqualTo(ExitStatus.WRONG_USAGE);
  }

  @Test
  void csvHasAHeader(SparkSession spark) throws Exception {
    String model =
        new TestModel()
            .input("x", ElementType.FLOAT, "N")
            .node("Neg", List.of("x"), List.of("y"))
            .output("y", ElementType.FLOAT, "N")
            .write(folder, "negative.onnx");
    Path input = folder.resolve("in");
    spark.sql("SELECT 1 AS id, float(2) AS x").write().csv(input.toString());
    run(
        spec(
            output(),
            "model: " + model,
            "input: {format: csv, path: '" + input + "', options: {header: false}}",
            "mapping: {x: float(_c1)}",
            "output: {format: csv}",
            "runId: a"),
        spark);
    try (Stream<Path> files = Files.list(output().resolve("run_id=a"))) {
      Path part = files.filter(file -> file.toString().endsWith(".csv")).findFirst().get();
      assertThat(Files.readAllLines(part)).containsExactly("_c0,_c1,prediction", "1,2.0,-2.0");
    }
  }

  @Test
  void aTableIsAnInput(SparkSession spark) throws Exception {
    spark.read().parquet(TestJob.DIGITS).createOrReplaceTempView("digits_of_a_view");
    JobSpec job =
        JobReader.read(
            TestJob.keys(
                "model: " + TestJob.MODEL,
                "input: {format: table, table: digits_of_a_view}",
                "output: {path: '" + output() + "'}",
                "runId: a"));
    assertThat(run(job, spark).manifest().rows().written()).isEqualTo(500);
  }

  @Test
  void theDryRunSaysWhatWouldBeDoneAndWritesNothing(SparkSession spark) throws Exception {
    List<String> lines =
        new ScoreJob(spec(output(), "{runId: a, filter: label > 3}"), spark).describe();
    assertThat(lines)
        .anyMatch(line -> line.matches("model +.*digits.onnx"))
        .anyMatch(line -> line.matches("sha256 +[0-9a-f]{64}"))
        .anyMatch(line -> line.matches("signature +\\[image: float \\[batch, 1, 8, 8\\]\\].*"))
        .anyMatch(line -> line.matches("binding +image <- image"))
        .anyMatch(line -> line.matches("filter +label > 3"))
        .anyMatch(line -> line.matches("columns +struct<.*prediction:array<float>>"))
        .anyMatch(line -> line.matches("run +a: would be made"));
    assertThat(output()).doesNotExist();
  }

  @Test
  void theDryRunSaysWhichRunsAreDone(SparkSession spark) throws Exception {
    run(spec(output(), "runId: a"), spark);
    assertThat(new ScoreJob(spec(output(), "runId: a"), spark).describe())
        .anyMatch(line -> line.matches("run +a: is done"));
  }
}
