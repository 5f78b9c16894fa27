package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.spark.exec.OnnxEvalExec;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls in streaming queries, with and without state, over several micro-batches. */
@ExtendWith(SparkSessionExtension.class)
class StreamingPositionsTest {
  @TempDir static Path folder;
  private static ScoredQueries queries;
  private static SparkSession spark;
  private static int started;

  /**
   * A streaming query over the stream {@code s}, whose rows are those of {@code t}.
   *
   * @param mode output mode
   * @param rows rows that are scored over all micro-batches
   */
  record Streaming(String name, String mode, long rows, String query) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void createTables(SparkSession session) {
    spark = session;
    queries = ScoredQueries.create(spark, folder);
    spark
        .table("t")
        .selectExpr("*", "timestamp_seconds(id + 1000) time")
        .repartitionByRange(4, spark.table("t").col("id"))
        .write()
        .parquet(folder.resolve("s").toString());
    Dataset<Row> files = spark.read().parquet(folder.resolve("s").toString());
    files.createOrReplaceTempView("files");
    spark
        .readStream()
        .schema(files.schema())
        .option("maxFilesPerTrigger", 2)
        .parquet(folder.resolve("s").toString())
        .withWatermark("time", "200 seconds")
        .createOrReplaceTempView("s");
  }

  @AfterEach
  void resetModes() {
    Modes.reset(spark);
  }

  static Stream<Streaming> streams() {
    return Stream.of(
        new Streaming("projection", "append", 100, "SELECT id, SCORE(a, b) p FROM s"),
        new Streaming("filter", "append", 100, "SELECT id FROM s WHERE SCORE(a, b) > 50"),
        new Streaming("cheap filter first", "append", 20, "SELECT SCORE(a, b) FROM s WHERE g = 1"),
        new Streaming("branch", "append", 20, "SELECT id, IF(g = 1, SCORE(a, b), 0f) FROM s"),
        new Streaming(
            "join with a table",
            "append",
            60,
            "SELECT s.id, SCORE(s.a, u.b) FROM s JOIN u ON s.g = u.b AND u.id < 40"),
        new Streaming(
            "aggregate", "complete", 100, "SELECT g, sum(SCORE(a, b)), count(*) FROM s GROUP BY g"),
        new Streaming(
            "grouped by a score",
            "complete",
            100,
            "SELECT SCORE(g, g), count(*) FROM s GROUP BY 1"),
        new Streaming(
            "over an aggregate", "complete", 10, "SELECT g, SCORE(count(*), g) FROM s GROUP BY g"),
        new Streaming(
            "windows of time",
            "complete",
            100,
            "SELECT window(time, '30 seconds').start w, max(SCORE(a, b)) FROM s GROUP BY 1"),
        new Streaming(
            "without duplicates", "complete", 100, "SELECT DISTINCT SCORE(g, g) p FROM s"),
        new Streaming(
            "join of two streams",
            "append",
            200,
            "SELECT x.id, x.p, y.p FROM (SELECT id, time, SCORE(a, b) p FROM s) x"
                + " JOIN (SELECT id, time, SCORE(b, a) p FROM s) y"
                + " ON x.id = y.id AND x.time = y.time"));
  }

  static Stream<Modes.Case<Streaming>> streamsInModes() {
    return Modes.each(streams());
  }

  @ParameterizedTest
  @MethodSource("streamsInModes")
  void givesTheFormulasRows(Modes.Case<Streaming> test) {
    test.mode().set(spark);
    Streaming stream = test.value();
    String result = "result" + started++;
    List<OnnxEvalExec> nodes =
        Evaluations.during(
            spark, () -> run(queries.score().call(stream.query()), stream.mode(), result));
    List<String> expected =
        ScoredQueries.strings(
            spark.sql(
                queries.score().formula(stream.query()).replaceAll("FROM s\\b", "FROM files s")));
    assertThat(ScoredQueries.strings(spark.table(result))).isNotEmpty().isEqualTo(expected);
    assertThat(Evaluations.rows(nodes)).as(nodes.toString()).isEqualTo(stream.rows());
  }

  private static void run(String query, String mode, String result) {
    try {
      StreamingQuery running =
          spark
              .sql(query)
              .writeStream()
              .format("memory")
              .queryName(result)
              .outputMode(mode)
              .trigger(Trigger.AvailableNow())
              .start();
      running.awaitTermination();
      assertThat(running.recentProgress().length).isGreaterThanOrEqualTo(2);
    } catch (Exception e) {
      throw new IllegalStateException(query, e);
    }
  }
}
