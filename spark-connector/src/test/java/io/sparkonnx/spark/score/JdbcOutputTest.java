package io.sparkonnx.spark.score;

import static io.sparkonnx.spark.score.TestJob.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.score.ScoreJob.Outcome;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Runs into tables of a real PostgreSQL. */
@ExtendWith(SparkSessionExtension.class)
class JdbcOutputTest {
  private static PostgresServer server;
  private static int tables;

  @TempDir Path folder;
  private String table;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void nameTable() {
    table = "public.scores" + tables++;
  }

  private JobSpec job(String... pieces) throws Exception {
    String[] all = new String[pieces.length + 1];
    all[0] = "output: {options: {url: '" + server.url() + "'}}";
    System.arraycopy(pieces, 0, all, 1, pieces.length);
    return TestJob.table("jdbc", table, folder.resolve("state"), all);
  }

  /** The ids of the runs with their numbers of rows. */
  private List<String> runs() throws Exception {
    return server.rows("SELECT run_id, count(*) FROM " + table + " GROUP BY 1 ORDER BY 1");
  }

  private List<String> stagingTables() throws Exception {
    return server.rows("SELECT tablename FROM pg_tables WHERE tablename LIKE 'spark_onnx_%'");
  }

  @Test
  void theTableIsMadeWithTheColumnsOfTheRun(SparkSession spark) throws Exception {
    run(job("{runId: a, passThrough: [id, label]}"), spark);
    assertThat(
            server.rows(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '"
                    + table.replace("public.", "")
                    + "' ORDER BY ordinal_position"))
        .containsExactly("id|bigint", "label|integer", "prediction|ARRAY", "run_id|text");
    assertThat(server.rows("SELECT count(*) FROM " + table + " WHERE cardinality(prediction) = 10"))
        .containsExactly("500");
  }

  @Test
  void leavesNoOtherTable(SparkSession spark) throws Exception {
    run(job("runId: a"), spark);
    assertThat(stagingTables()).isEmpty();
  }

  @Test
  void appendLeavesEarlierRunsAndNoneIsDoneTwice(SparkSession spark) throws Exception {
    run(job("runId: a"), spark);
    run(job("{runId: b, filter: id < 1347}"), spark);
    Outcome again = run(job("runId: a"), spark);
    assertThat(again.before()).isTrue();
    assertThat(runs()).containsExactly("a|500", "b|50");
  }

  @Test
  void overwriteReplacesAllRows(SparkSession spark) throws Exception {
    run(job("runId: a"), spark);
    run(job("{runId: b, filter: id < 1347, output: {mode: overwrite}}"), spark);
    assertThat(runs()).containsExactly("b|50");
  }

  @Test
  void partitionsReplacesTheRowsWithValuesThatTheRunHas(SparkSession spark) throws Exception {
    String mode = "output: {mode: partitions, partitionBy: label}";
    run(job("runId: a", mode), spark);
    run(job("{runId: b, filter: label < 2 and id < 1400}", mode), spark);
    assertThat(server.rows("SELECT count(*) FROM " + table + " WHERE run_id = 'a' AND label < 2"))
        .containsExactly("0");
    assertThat(server.rows("SELECT count(*) FROM " + table + " WHERE run_id = 'b'"))
        .containsExactly(
            String.valueOf(
                spark.read().parquet(TestJob.DIGITS).filter("label < 2 and id < 1400").count()));
  }

  @Test
  void aPartitionOfNullIsReplaced(SparkSession spark) throws Exception {
    String mode = "output: {mode: partitions, partitionBy: part}";
    Path input = folder.resolve("in");
    spark
        .read()
        .parquet(TestJob.DIGITS)
        .selectExpr("*", "if(label = 1, NULL, label) AS part")
        .write()
        .parquet(input.toString());
    String in = "input: {path: '" + input + "'}";
    run(job("runId: a", mode, in), spark);
    run(job("{runId: b, filter: part is null}", mode, in), spark);
    assertThat(server.rows("SELECT DISTINCT run_id FROM " + table + " WHERE part IS NULL"))
        .containsExactly("b");
  }

  @Test
  void aRunThatIsPublishedAgainIsThereOnce(SparkSession spark) throws Exception {
    JobSpec job = job("runId: a");
    Outcome outcome = run(job, spark);
    RunStore store = RunStore.of(job.output().folder(), spark.sparkContext().hadoopConfiguration());
    RunSink sink = RunSink.of(job.output(), store, spark);
    org.apache.hadoop.fs.Path staged = store.newStaging();
    sink.stage(JobPlan.of(job, spark).scored(null, java.time.Instant.EPOCH), "a", staged);
    sink.publish(outcome.manifest(), staged);
    sink.publish(outcome.manifest(), staged);
    sink.discard(staged);
    assertThat(runs()).containsExactly("a|500");
  }

  @Test
  void aRunThatIsRefusedChangesNothingAndIsListedAsFailed(SparkSession spark) throws Exception {
    run(job("runId: a"), spark);
    String input = TestJob.badRows(spark, folder.resolve("in"));
    JobSpec bad =
        job("{runId: b, passThrough: [id], badRows: {policy: null, maxShare: 0.1}}", input);
    assertThatThrownBy(() -> run(bad, spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageStartingWith("run b has 2 bad rows of 5");
    assertThat(runs()).containsExactly("a|500");
    assertThat(stagingTables()).isEmpty();
    assertThat(new RunHistory(folder.resolve("state").toString()).table())
        .anyMatch(line -> line.matches("b +\\S+Z +failed +5 +2 .*"));
  }

  @Test
  void aRunThatTheTableRefusesIsPublishedByTheNextJob(SparkSession spark) throws Exception {
    String few = "{passThrough: [id], filter: id < 1307}";
    run(job("runId: a", few), spark);
    server.execute("ALTER TABLE " + table + " ADD CONSTRAINT noB CHECK (run_id <> 'b')");
    assertThatThrownBy(() -> run(job("runId: b", few), spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageStartingWith("run b is complete but " + table + " does not take it: ")
        .extracting(e -> ((ScoreException) e).code())
        .isEqualTo(ScoreException.Code.NOT_PUBLISHED);
    assertThat(runs()).containsExactly("a|10");
    server.execute("ALTER TABLE " + table + " DROP CONSTRAINT noB");
    run(job("runId: c", few), spark);
    assertThat(runs()).containsExactly("a|10", "b|10", "c|10");
    assertThat(stagingTables()).isEmpty();
  }

  @Test
  void badRowsGoAsideAndTheOthersIntoTheTable(SparkSession spark) throws Exception {
    Path side = folder.resolve("side");
    String input = TestJob.badRows(spark, folder.resolve("in"));
    run(job("runId: a", input, "badRows: {policy: side, path: '" + side + "'}"), spark);
    assertThat(runs()).containsExactly("a|3");
    assertThat(spark.read().parquet(side.toString()).filter("error is not null").count())
        .isEqualTo(2);
  }

  @Test
  void aTableWithoutTheColumnsIsNamedBeforeAnythingIsScored(SparkSession spark) throws Exception {
    server.execute("CREATE TABLE " + table + " (id bigint, run_id text)");
    assertThatThrownBy(() -> run(job("{runId: a, passThrough: [id]}"), spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageStartingWith("output " + table + " has no column 'prediction'; the run writes ");
  }

  @Test
  void aServerThatIsNotThereIsNamedInALine(SparkSession spark) throws Exception {
    JobSpec job = job("output: {options: {url: 'jdbc:postgresql://127.0.0.1:1/x'}}", "runId: a");
    assertThatThrownBy(() -> run(job, spark))
        .hasMessageStartingWith(table + ": Connection to 127.0.0.1:1 refused");
  }

  @Test
  void aUrlWithoutADriverIsNamedWithTheRemedy(SparkSession spark) throws Exception {
    JobSpec job = job("output: {options: {url: 'jdbc:nothing://x'}}", "runId: a");
    assertThatThrownBy(() -> run(job, spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageStartingWith("no driver takes jdbc:nothing://x: --packages org.postgresql:")
        .extracting(e -> ((ScoreException) e).code())
        .isEqualTo(ScoreException.Code.NO_PACKAGE);
  }

  @Test
  void aTableOfADatabaseIsAnInput(SparkSession spark) throws Exception {
    run(job("{runId: a, passThrough: [id, image]}"), spark);
    String input =
        "input: {format: jdbc, table: " + table + ", options: {url: '" + server.url() + "'}}";
    JobSpec job =
        JobReader.read(
            TestJob.keys(
                "{model: " + TestJob.MODEL + ", column: again, passThrough: [id]}",
                "mapping: {image: image}",
                input,
                "output: {path: '" + folder.resolve("out") + "'}"));
    assertThat(run(job, spark).manifest().rows().written()).isEqualTo(500);
  }

  @Test
  void theDryRunNamesTheTableAndMakesNone(SparkSession spark) throws Exception {
    assertThat(new ScoreJob(job("runId: a"), spark).describe())
        .anyMatch(line -> line.equals("output     jdbc " + table + ", append"))
        .anyMatch(line -> line.equals("state      " + folder.resolve("state")))
        .anyMatch(line -> line.equals("run        a: would be made"));
    assertThat(server.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        .doesNotContain(table.replace("public.", ""));
  }
}
