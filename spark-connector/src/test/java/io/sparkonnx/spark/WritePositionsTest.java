package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.spark.exec.OnnxEvalExec;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.InMemoryRowLevelOperationTableCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls in statements that write: what stands in the table afterwards, and what was scored. */
@ExtendWith(SparkSessionExtension.class)
class WritePositionsTest {
  private static final String CATALOG = "spark.sql.catalog.rows";

  @TempDir static Path models;
  private static ScoredQueries queries;
  private static SparkSession spark;

  /**
   * A statement with SCORE(x, y) for a call and TARGET for a table.
   *
   * @param target what creates the table, or null
   * @param rows rows that are scored
   */
  record Write(String name, String target, long rows, String statement) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void createTables(SparkSession session) {
    spark = session;
    queries = ScoredQueries.create(spark, models);
    spark.conf().set(CATALOG, InMemoryRowLevelOperationTableCatalog.class.getName());
    spark
        .table("t")
        .selectExpr("id + 50 id", "a", "b", "g")
        .filter("id % 10 = 0")
        .createOrReplaceTempView("changes");
  }

  @AfterAll
  static void removeCatalog() {
    spark.conf().unset(CATALOG);
  }

  @AfterEach
  void resetModes() {
    Modes.reset(spark);
    for (String table : List.of("scored", "plain")) {
      spark.sql("DROP TABLE IF EXISTS " + table);
      spark.sql("DROP VIEW IF EXISTS " + table + "_view");
      spark.sql("DROP TABLE IF EXISTS rows.ns." + table);
    }
  }

  private static final String PARQUET = "CREATE TABLE TARGET (id BIGINT, s FLOAT) USING parquet";
  private static final String GROUPS =
      "CREATE TABLE TARGET (pk BIGINT NOT NULL, a DOUBLE, b INT, g INT, s FLOAT NOT NULL)"
          + " PARTITIONED BY (g)";
  private static final String DELTAS =
      "CREATE TABLE TARGET (pk BIGINT NOT NULL, a DOUBLE, b INT, g INT, s FLOAT NOT NULL)"
          + " PARTITIONED BY (g) TBLPROPERTIES ('supports-deltas' = 'true')";
  private static final String SPLIT_DELTAS =
      "CREATE TABLE TARGET (pk BIGINT NOT NULL, a DOUBLE, b INT, g INT, s FLOAT NOT NULL) PARTITIONED BY (g)"
          + " TBLPROPERTIES ('supports-deltas' = 'true', 'split-updates' = 'true')";

  private static final String MERGE =
      """
      MERGE INTO TARGET AS o USING changes AS c ON o.pk = c.id
      WHEN MATCHED AND SCORE(c.a, o.b) > 60 THEN UPDATE SET s = SCORE(c.a, o.b)
      WHEN MATCHED AND c.g = 0 AND SCORE(o.a, c.b) > 120 THEN DELETE
      WHEN NOT MATCHED AND c.id < 130 THEN
        INSERT (pk, a, b, g, s) VALUES (c.id, c.a, c.b, c.g, SCORE(c.a, c.b))
      WHEN NOT MATCHED BY SOURCE AND o.pk < 10 THEN UPDATE SET s = SCORE(o.a, o.b) + 1
      """;

  private static final String ON_SCORE =
      """
      MERGE INTO TARGET AS o USING changes AS c ON o.pk = c.id AND SCORE(c.a, c.b) > 50
      WHEN MATCHED THEN UPDATE SET s = c.b
      """;

  private static final String INSERT_ONLY =
      """
      MERGE INTO TARGET AS o USING changes AS c ON o.pk = c.id
      WHEN NOT MATCHED AND SCORE(c.a, c.b) > 170 THEN
        INSERT (pk, a, b, g, s) VALUES (c.id, c.a, c.b, c.g, SCORE(c.a, c.b))
      """;

  static Stream<Write> writes() {
    return Stream.of(
        new Write("INSERT", PARQUET, 100, "INSERT INTO TARGET SELECT id, SCORE(a, b) FROM t"),
        new Write("INSERT VALUES", PARQUET, 1, "INSERT INTO TARGET SELECT 7, SCORE(1.5D, 2)"),
        new Write(
            "INSERT OVERWRITE",
            PARQUET,
            100,
            "INSERT OVERWRITE TARGET SELECT id, SCORE(a, b) FROM t"),
        new Write(
            "INSERT with partitions",
            "CREATE TABLE TARGET (id BIGINT, s FLOAT, g INT) USING parquet PARTITIONED BY (g)",
            100,
            "INSERT INTO TARGET SELECT id, SCORE(a, b), g FROM t"),
        new Write(
            "CTAS",
            null,
            100,
            "CREATE TABLE TARGET USING parquet AS SELECT id, SCORE(a, b) s FROM t"),
        new Write(
            "permanent view",
            "CREATE TABLE TARGET (id BIGINT, s FLOAT) USING parquet",
            100,
            "CREATE VIEW TARGET_view AS SELECT id, SCORE(a, b) s FROM parquet.`T_PATH`;"
                + "INSERT INTO TARGET SELECT * FROM TARGET_view"),
        new Write(
            "temporary view",
            PARQUET,
            79,
            "CREATE OR REPLACE TEMPORARY VIEW TARGET_temp AS SELECT id, SCORE(a, b) s FROM t;"
                + "INSERT INTO TARGET SELECT * FROM TARGET_temp WHERE id > 20"),
        new Write(
            "cached table",
            PARQUET,
            100,
            "CACHE TABLE TARGET_cache AS SELECT id, SCORE(a, b) s FROM t;"
                + "INSERT INTO TARGET SELECT * FROM TARGET_cache WHERE s > 50;"
                + "INSERT INTO TARGET SELECT * FROM TARGET_cache WHERE s < 50;"
                + "UNCACHE TABLE TARGET_cache;"
                + "DROP VIEW TARGET_cache"),
        new Write(
            "CTAS of a V2 table",
            null,
            100,
            "CREATE TABLE rows.ns.TARGET AS SELECT id, SCORE(a, b) s FROM t"),
        new Write(
            "INSERT of a V2 table",
            GROUPS,
            100,
            "INSERT INTO rows.ns.TARGET SELECT *, SCORE(a, b) FROM t"));
  }

  static Stream<Modes.Case<Write>> writesInModes() {
    return Modes.each(writes());
  }

  @ParameterizedTest
  @MethodSource("writesInModes")
  void writesTheFormulasRows(Modes.Case<Write> test) {
    check(test, false);
  }

  static Stream<Write> changes() {
    return Stream.of(GROUPS, DELTAS, SPLIT_DELTAS)
        .flatMap(
            table -> {
              String kind =
                  table == GROUPS ? ", groups" : table == DELTAS ? ", deltas" : ", split deltas";
              return Stream.of(
                  new Write(
                      "UPDATE" + kind, table, 20, "UPDATE TARGET SET s = SCORE(a, b) WHERE g = 1"),
                  new Write(
                      "UPDATE WHERE a score" + kind,
                      table,
                      100,
                      "UPDATE TARGET SET s = SCORE(a, b) WHERE SCORE(a, b) > 50"),
                  new Write(
                      "DELETE WHERE a score" + kind,
                      table,
                      20,
                      "DELETE FROM TARGET WHERE g = 1 AND SCORE(a, b) > 50"),
                  new Write("MERGE" + kind, table, 5 + 3 + 3 + 10, MERGE),
                  new Write("MERGE ON a score" + kind, table, 10, ON_SCORE),
                  new Write("MERGE, insert only" + kind, table, 10, INSERT_ONLY));
            });
  }

  static Stream<Modes.Case<Write>> changesInModes() {
    return Modes.each(changes());
  }

  @ParameterizedTest
  @MethodSource("changesInModes")
  void changesTheFormulasRows(Modes.Case<Write> test) {
    check(test, true);
  }

  private static void check(Modes.Case<Write> test, boolean filled) {
    test.mode().set(spark);
    Write write = test.value();
    run(write, "plain", filled);
    List<OnnxEvalExec> nodes = run(write, "scored", filled);
    boolean rows = filled || write.toString().contains("V2");
    String prefix = rows ? "rows.ns." : "";
    assertThat(ScoredQueries.strings(spark.table(prefix + "scored")))
        .isNotEmpty()
        .isEqualTo(ScoredQueries.strings(spark.table(prefix + "plain")));
    assertThat(Evaluations.rows(nodes)).as(nodes.toString()).isEqualTo(write.rows());
  }

  private static List<OnnxEvalExec> run(Write write, String table, boolean filled) {
    boolean rows = filled || write.toString().contains("V2");
    String name = rows ? "rows.ns." + table : table;
    if (write.target() != null) {
      spark.sql(write.target().replace("TARGET", name));
    }
    if (filled) {
      spark.sql("INSERT INTO " + name + " SELECT *, float(-1) FROM t");
    }
    return Evaluations.during(
        spark,
        () -> {
          for (String statement : write.statement().split(";")) {
            String named =
                statement
                    .replace("rows.ns.TARGET", name)
                    .replace("TARGET", name)
                    .replace("T_PATH", models.resolve("t").toString());
            spark.sql(
                table.equals("plain")
                    ? queries.score().formula(named)
                    : queries.score().call(named));
          }
        });
  }
}
