package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.sql.DeltaSparkSessionExtension;
import io.sparkonnx.spark.exec.OnnxEvalExec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls in queries and statements over tables of Delta Lake. */
@ExtendWith(SparkSessionExtension.class)
class DeltaTest {
  @TempDir static Path folder;
  private static SparkSession shared;
  private static SparkSession spark;
  private static ScoredQueries queries;
  private static final Map<String, List<String>> EXPECTED = new HashMap<>();
  private static int tables;

  /** A session of its own, since Delta changes the parser and the catalog. */
  @BeforeAll
  static void createSession(SparkSession session) {
    shared = session;
    spark =
        org.apache.spark.sql.classic.SparkSession.builder()
            .withExtensions(new DeltaSparkSessionExtension())
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .config("spark.sql.shuffle.partitions", "3")
            .config("spark.databricks.delta.snapshotPartitions", "1")
            .create();
    SparkSession.setActiveSession(spark);
    queries = ScoredQueries.create(spark, folder);
    spark
        .table("t")
        .selectExpr("id + 50 id", "a", "b", "g")
        .filter("id % 10 = 0")
        .createOrReplaceTempView("changes");
  }

  @AfterAll
  static void leaveSession() {
    SparkSession.setActiveSession(shared);
  }

  @AfterEach
  void resetModes() {
    Modes.reset(spark);
  }

  /** What a table is made with. */
  enum Kind {
    /** Changed files are written anew. */
    COPIES("false", "false"),
    /** Removed rows are marked. */
    VECTORS("true", "false"),
    /** Changes are written beside the rows. */
    FEED("false", "true");

    private final String properties;

    Kind(String vectors, String feed) {
      properties =
          "('delta.enableDeletionVectors' = '"
              + vectors
              + "', 'delta.enableChangeDataFeed' = '"
              + feed
              + "')";
    }
  }

  private static String path(String name) {
    return folder.resolve(name + tables++).toString();
  }

  /** The columns of t and s = -1 in four files of 25 rows, in the order of pk. */
  private static String table(Kind kind) {
    Path first = folder.resolve("first" + kind);
    if (!Files.exists(first)) {
      spark.sql(
          "CREATE TABLE delta.`"
              + first
              + "` USING delta TBLPROPERTIES "
              + kind.properties
              + " AS SELECT /*+ REPARTITION_BY_RANGE(4, pk) */ id pk, a, b, g, float(-1) s FROM t");
    }
    Path copy = Path.of(path("table"));
    try (Stream<Path> files = Files.walk(first)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(first.relativize(file).toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "delta.`" + copy + "`";
  }

  /** The rows of a table after a statement with the model's formula. */
  private static List<String> expected(Change change) {
    return EXPECTED.computeIfAbsent(
        change.name(),
        name -> {
          String table = table(Kind.COPIES);
          spark.sql(queries.score().formula(change.statement().replace("TARGET", table)));
          return ScoredQueries.strings(spark.table(table));
        });
  }

  /**
   * A statement that changes TARGET, with SCORE(x, y) for a call.
   *
   * @param copied rows that are scored where changed files are written anew
   * @param marked rows that are scored where removed rows are marked
   * @param fed rows that are scored once more for a feed of changes
   */
  record Change(String name, long copied, long marked, long fed, String statement) {
    Change(String name, long copied, long marked, String statement) {
      this(name, copied, marked, 0, statement);
    }

    long scored(Kind kind) {
      return switch (kind) {
        case COPIES -> copied;
        case VECTORS -> marked;
        case FEED -> copied + fed;
      };
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final String MERGE =
      """
      MERGE INTO TARGET AS o USING changes AS c ON o.pk = c.id
      WHEN MATCHED AND SCORE(c.a, o.b) > 60 THEN UPDATE SET s = SCORE(c.a, o.b)
      WHEN MATCHED AND c.g = 0 AND SCORE(o.a, c.b) > 120 THEN DELETE
      WHEN NOT MATCHED AND SCORE(c.b, c.g) > 5 THEN
        INSERT (pk, a, b, g, s) VALUES (c.id, c.a, c.b, c.g, SCORE(c.a, c.b))
      WHEN NOT MATCHED BY SOURCE AND o.pk < 10 AND SCORE(o.a, o.g) > 12 THEN
        UPDATE SET s = SCORE(o.a, o.b) + 1
      """;

  static Stream<Change> changes() {
    return Stream.of(
        new Change("UPDATE SET a score", 20, 20, "UPDATE TARGET SET s = SCORE(a, b) WHERE g = 1"),
        new Change(
            "UPDATE WHERE a score",
            150,
            150,
            "UPDATE TARGET SET s = SCORE(a, b) WHERE SCORE(a, b) > 150"),
        new Change(
            "UPDATE, cheap condition first",
            25,
            25,
            "UPDATE TARGET SET s = 7 WHERE g = 1 AND SCORE(a, b) > 150"),
        new Change("UPDATE of all rows", 100, 100, "UPDATE TARGET SET s = SCORE(a, b)"),
        new Change("DELETE WHERE a score", 150, 100, "DELETE FROM TARGET WHERE SCORE(a, b) > 150"),
        new Change(
            "DELETE, cheap condition first",
            35,
            20,
            "DELETE FROM TARGET WHERE g = 1 AND SCORE(a, b) > 50"),
        new Change("MERGE", 34, 67, 2, MERGE),
        new Change(
            "MERGE ON a score of the source",
            20,
            30,
            "MERGE INTO TARGET AS o USING changes AS c ON o.pk = c.id AND SCORE(c.a, c.b) > 50"
                + " WHEN MATCHED THEN UPDATE SET s = c.b"
                + " WHEN NOT MATCHED THEN INSERT (pk, s) VALUES (c.id + 1000, c.b)"),
        new Change(
            "MERGE ON a score of the target",
            200,
            300,
            "MERGE INTO TARGET AS o USING changes AS c ON SCORE(o.a, o.b) > 150 AND o.pk = c.id"
                + " WHEN MATCHED THEN UPDATE SET s = c.b"
                + " WHEN NOT MATCHED BY SOURCE AND o.pk = 3 THEN DELETE"),
        new Change(
            "MERGE that only updates",
            7,
            9,
            2,
            "MERGE INTO TARGET AS o USING changes AS c ON o.pk = c.id"
                + " WHEN MATCHED AND SCORE(c.a, o.b) > 60 THEN UPDATE SET s = SCORE(c.a, o.b)"),
        new Change(
            "MERGE that only inserts",
            10,
            10,
            "MERGE INTO TARGET AS o USING changes AS c ON o.pk = c.id"
                + " WHEN NOT MATCHED AND SCORE(c.a, c.b) > 170 THEN"
                + " INSERT (pk, a, b, g, s) VALUES (c.id, c.a, c.b, c.g, SCORE(c.a, c.b))"),
        new Change(
            "MERGE of a scored source",
            10,
            10,
            "MERGE INTO TARGET AS o USING (SELECT id, SCORE(a, b) p FROM changes) AS c"
                + " ON o.pk = c.id WHEN MATCHED AND p > 60 THEN UPDATE SET s = p"
                + " WHEN NOT MATCHED THEN INSERT (pk, s) VALUES (c.id, p)"));
  }

  /** A statement over a kind of table. */
  record Case(Change change, Kind kind) {
    @Override
    public String toString() {
      return change + ", " + kind;
    }
  }

  private static Stream<Case> of(Kind kind) {
    return changes().map(change -> new Case(change, kind));
  }

  static Stream<Modes.Case<Case>> cases() {
    Modes usual = new Modes(true, true);
    Stream<Modes.Case<Case>> copies =
        Stream.of(usual, new Modes(false, false))
            .flatMap(mode -> of(Kind.COPIES).map(test -> new Modes.Case<>(mode, test)));
    Stream<Case> merges = of(Kind.FEED).filter(test -> test.change().name().startsWith("MERGE"));
    return Stream.concat(
        copies, Stream.concat(of(Kind.VECTORS), merges).map(test -> new Modes.Case<>(usual, test)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void changesTheFormulasRows(Modes.Case<Case> test) {
    test.mode().set(spark);
    Change change = test.value().change();
    List<String> expected = expected(change);
    String scored = table(test.value().kind());
    List<OnnxEvalExec> nodes =
        Evaluations.during(
            spark,
            () -> spark.sql(queries.score().call(change.statement().replace("TARGET", scored))));
    assertThat(ScoredQueries.strings(spark.table(scored))).isEqualTo(expected);
    assertThat(Evaluations.rows(nodes))
        .as(nodes.toString())
        .isEqualTo(change.scored(test.value().kind()));
  }

  private static void assertSame(String delta, String query) {
    assertThat(ScoredQueries.strings(spark.read().format("delta").load(delta)))
        .isNotEmpty()
        .isEqualTo(ScoredQueries.strings(spark.sql(queries.score().formula(query))));
  }

  @Test
  void tablesAreMadeAndFilledByScores() {
    String path = path("made");
    String query = "SELECT id, g, SCORE(a, b) s FROM t";
    String create = "CREATE TABLE delta.`" + path + "` USING delta PARTITIONED BY (g) AS ";
    List<OnnxEvalExec> nodes =
        Evaluations.during(spark, () -> spark.sql(queries.score().call(create + query)));
    assertSame(path, query);
    assertThat(Evaluations.rows(nodes)).isEqualTo(100);

    String more = "SELECT id + 100, 7, SCORE(b, a) FROM t";
    nodes =
        Evaluations.during(
            spark,
            () -> spark.sql(queries.score().call("INSERT INTO delta.`" + path + "` " + more)));
    assertSame(path, query + " UNION ALL " + more);
    assertThat(Evaluations.rows(nodes)).isEqualTo(100);

    String overwrite = "INSERT OVERWRITE delta.`" + path + "` ";
    spark.sql(queries.score().call(overwrite + query + " WHERE SCORE(a, b) > 50"));
    assertSame(path, query + " WHERE SCORE(a, b) > 50");
  }

  @Test
  void onlyTheColumnsAndFilesOfTheCallAreRead() {
    String table = table(Kind.COPIES);
    String query = "SELECT SCORE(a, b) FROM " + table + " WHERE pk < 30 AND SCORE(a, b) > 20";
    Dataset<Row> scored = spark.sql(queries.score().call(query));
    assertThat(ScoredQueries.strings(scored))
        .isEqualTo(ScoredQueries.strings(spark.sql(queries.score().formula(query))));
    assertThat(Evaluations.execution(scored).executedPlan().toString())
        .contains("ReadSchema: struct<pk:bigint,a:double,b:int>");
    assertThat(Evaluations.rows(scored)).isEqualTo(30);
    assertThat(spark.sql("SELECT * FROM " + table + " WHERE pk < 30").inputFiles()).hasSize(2);
  }

  @Test
  void streamsReadAndWriteTables() throws Exception {
    String from = path("from");
    String to = path("to");
    for (int part = 0; part < 3; part++) {
      spark.table("t").filter("id % 3 = " + part).write().format("delta").mode("append").save(from);
    }
    spark
        .readStream()
        .format("delta")
        .option("maxFilesPerTrigger", 1)
        .load(from)
        .createOrReplaceTempView("rows");
    String query = "SELECT id, SCORE(a, b) s FROM rows WHERE g > 1 AND SCORE(a, b) > 50";
    List<OnnxEvalExec> nodes =
        Evaluations.during(
            spark,
            () -> {
              try {
                StreamingQuery stream =
                    spark
                        .sql(queries.score().call(query))
                        .writeStream()
                        .format("delta")
                        .option("checkpointLocation", path("checkpoint"))
                        .trigger(Trigger.AvailableNow())
                        .start(to);
                stream.awaitTermination();
                assertThat(stream.recentProgress().length).isGreaterThanOrEqualTo(3);
              } catch (Exception e) {
                throw new IllegalStateException(query, e);
              }
            });
    assertSame(to, query.replace("rows", "t"));
    assertThat(Evaluations.rows(nodes)).isEqualTo(60);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MERGE INTO TARGET o USING t ON SCORE(o.a, t.a) > 1 WHEN MATCHED THEN DELETE"
            + "| onnx_predict over columns of both tables cannot stand in the ON condition of"
            + " MERGE; join the tables in the source query and call it there",
        "UPDATE TARGET SET s = aggregate(array(a), 0D, (x, y) -> x + double(SCORE(y, 1)))"
            + "| onnx_predict cannot be called in a lambda function; explode the array, call it"
            + " on the rows and collect them again",
        "ALTER TABLE TARGET ADD CONSTRAINT c CHECK (SCORE(a, b) > 0)"
            + "| onnx_predict cannot be called in a CHECK constraint; store its result in a"
            + " column and check that column",
        "CREATE TABLE NEW (a DOUBLE, s FLOAT GENERATED ALWAYS AS (SCORE(a, a))) USING delta"
            + "| onnx_predict cannot be called in the generated column s; compute it in the"
            + " query that writes the table",
      })
  void isRefusedAtAnalysis(String statement, String message) {
    String named = statement.replace("TARGET", table(Kind.COPIES));
    String call = queries.score().call(named.replace("NEW", "delta.`" + path("new") + "`"));
    assertThatThrownBy(() -> spark.sql(call))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining(message);
  }
}
