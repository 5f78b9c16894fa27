package io.sparkonnx.spark;

import static io.sparkonnx.spark.ScoredQueries.position;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.spark.ScoredQueries.Position;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A call in a branch is made on the rows that take the branch, and its arguments only there. */
@ExtendWith(SparkSessionExtension.class)
class BranchesTest {
  @TempDir static Path models;
  private static ScoredQueries queries;
  private static String pair;

  @BeforeAll
  static void createTables(SparkSession spark) {
    queries = ScoredQueries.create(spark, models);
    pair = "onnx_predict('" + TestModel.pair().write(models, "pair.onnx") + "', a, b)";
  }

  @AfterEach
  void resetModes(SparkSession spark) {
    Modes.reset(spark);
  }

  static Stream<Position> branches() {
    return Stream.of(
        position(
            "CASE",
            1,
            49,
            "SELECT id, CASE WHEN id > 50 THEN SCORE(a, b) ELSE float(-1) END FROM t"),
        position(
            "CASE without ELSE", 1, 49, "SELECT CASE WHEN id > 50 THEN SCORE(a, b) END FROM t"),
        position("ELSE", 1, 51, "SELECT CASE WHEN id > 50 THEN 1f ELSE SCORE(a, b) END FROM t"),
        position(
            "second WHEN",
            1,
            20,
            "SELECT CASE WHEN id < 30 THEN 0f WHEN id < 50 THEN SCORE(a, b) ELSE 1f END FROM t"),
        position("simple CASE", 1, 20, "SELECT CASE g WHEN 1 THEN SCORE(a, b) ELSE 0f END FROM t"),
        position("IF", 1, 20, "SELECT IF(g = 1, SCORE(a, b), 0f) FROM t"),
        position(
            "IF of NULL", 1, 80, "SELECT IF(nullif(g, 1) > 9, 0f, SCORE(g, b)) FROM t WHERE g < 4"),
        position(
            "both branches score", 1, 100, "SELECT IF(g = 1, SCORE(a, b), SCORE(b, a)) FROM t"),
        position(
            "the same call in both branches",
            1,
            100,
            "SELECT IF(nullif(g, 2) = 1, SCORE(a, b), SCORE(a, b) + 1) FROM t"),
        position(
            "the same call in two branches",
            1,
            40,
            "SELECT CASE WHEN g = 1 THEN SCORE(a, b) WHEN g = 2 THEN SCORE(a, b) + 1 END FROM t"),
        position(
            "the same call in two columns",
            1,
            60,
            "SELECT IF(g IN (1, 2), SCORE(a, b), 0f), IF(g IN (2, 3), SCORE(a, b), 1f) FROM t"),
        position(
            "the same call outside",
            1,
            100,
            "SELECT SCORE(a, b), IF(g = 1, SCORE(a, b), 0f) FROM t"),
        position(
            "a column over an outer join that branches read",
            1,
            3,
            "SELECT IF(x = 1, s, 0f), IF(x = 1, s + 1, 1f) FROM (SELECT x, SCORE(a, b) s FROM t"
                + " LEFT JOIN (SELECT id AS other, id % 3 AS x FROM u) ON id = other)"),
        position(
            "a column that branches read",
            1,
            100,
            "SELECT IF(g = 1, s, 0f), IF(g = 2, s + 1, 1f) FROM (SELECT *, SCORE(a, b) s FROM t)"),
        position(
            "a branch inside a lambda",
            1,
            100,
            "SELECT transform(array(id), x -> IF(x > 50, SCORE(a, b), 0f)) FROM t"),
        position(
            "a column that is read outside of branches too",
            1,
            100,
            "SELECT s, IF(g = 1, s, 0f) FROM (SELECT *, SCORE(a, b) s FROM t)"),
        position(
            "behind NULL in AND of a condition",
            1,
            10,
            "SELECT id FROM t WHERE (IF(id % 2 = 0, NULL, g = 1) AND SCORE(a, b) > 50) OR id = 3"),
        position("COALESCE", 1, 20, "SELECT coalesce(nullif(g, 1), SCORE(a, b)) FROM t"),
        position("nvl", 1, 20, "SELECT nvl(nullif(float(g), 1f), SCORE(a, b)) FROM t"),
        position("nvl2", 1, 80, "SELECT nvl2(nullif(g, 1), SCORE(a, b), 0f) FROM t"),
        position("nullif", 1, 100, "SELECT nullif(SCORE(a, b), 1f) FROM t"),
        position("nanvl", 1, 20, "SELECT nanvl(IF(g = 1, double('NaN'), a), SCORE(a, b)) FROM t"),
        position("AND", 1, 20, "SELECT id, g = 1 AND SCORE(a, b) > 50 FROM t"),
        position("AND with NULL", 1, 40, "SELECT nullif(g, 2) = 1 AND SCORE(a, b) > 50 FROM t"),
        position("OR", 1, 80, "SELECT id, g = 1 OR SCORE(a, b) > 50 FROM t"),
        position("OR in WHERE", 1, 80, "SELECT id FROM t WHERE g = 1 OR SCORE(a, b) > 50"),
        position(
            "NOT of AND in WHERE",
            1,
            20,
            "SELECT id FROM t WHERE NOT (g = 1 AND SCORE(a, b) > 50)"),
        position(
            "nested branches",
            1,
            6,
            "SELECT CASE WHEN g = 1 THEN IF(id > 70, SCORE(a, b), 1f) ELSE 0f END FROM t"),
        position(
            "a branch on a score",
            2,
            100 + 79,
            "SELECT IF(SCORE(a, b) > 50, SCORE(b, a), 0f) FROM t"),
        position(
            "a branch on the score it gives",
            1,
            100,
            "SELECT IF(SCORE(a, b) > 50, SCORE(a, b), 0f) FROM t"),
        position(
            "a guarded branch on a score",
            2,
            20 + 15,
            "SELECT IF(g = 1 AND SCORE(a, b) > 50, SCORE(b, a), 0f) FROM t"),
        position(
            "a row that an earlier stage has scored",
            2,
            20 + 100 + 80,
            "SELECT IF(g = 1, SCORE(a, b), 0f), IF(SCORE(b, a) >= 0, SCORE(a, b), 0f) FROM t"),
        position("nested calls", 2, 40, "SELECT IF(g = 1, SCORE(SCORE(a, b), b), 0f) FROM t"),
        position(
            "FILTER of an aggregate",
            1,
            20,
            "SELECT sum(SCORE(a, b)) FILTER (WHERE g = 1), count(*) FROM t"),
        position(
            "CASE in an aggregate",
            1,
            20,
            "SELECT b, sum(CASE WHEN g = 1 THEN SCORE(a, b) END) FROM t GROUP BY b"),
        position(
            "a branch over aggregates",
            1,
            2,
            "SELECT g, IF(max(a) > 97, SCORE(max(a), g), 0f) FROM t GROUP BY g"),
        position(
            "an aggregate in a branch",
            1,
            100,
            "SELECT g, IF(max(a) > 97, sum(SCORE(a, b)), 0d) FROM t GROUP BY g"),
        position(
            "a branch in a window",
            1,
            20,
            "SELECT id, sum(IF(g = 1, SCORE(a, b), 0f)) OVER (PARTITION BY b) FROM t"),
        position(
            "a branch under ROLLUP",
            1,
            20,
            "SELECT b, sum(IF(g = 1, SCORE(a, b), 0f)) FROM t GROUP BY ROLLUP (b)"),
        position(
            "a branch of a join's condition",
            1,
            20,
            "SELECT t.id, u.id FROM t LEFT JOIN u ON t.id = u.id AND t.g = 1 AND SCORE(t.a, t.b) > 9"),
        position(
            "NULL only in the other branch",
            1,
            99,
            "SELECT IF(a = 5, 0f, SCORE(nullif(a, 5), b)) FROM t"),
        position(
            "division by zero only in the other branch",
            1,
            85,
            "SELECT IF(b = 0, 0f, SCORE(g DIV b, b)) FROM t"),
        position(
            "a condition that fails only in the other branch",
            1,
            3,
            "SELECT CASE WHEN b = 0 THEN 0f WHEN (g * 3) DIV b > 11 THEN SCORE(a, b) END FROM t"),
        position(
            "a subquery as condition",
            1,
            49,
            "SELECT IF(id > (SELECT avg(id) + 0.5 FROM u) + 5, SCORE(a, b), 0f) FROM t"),
        position(
            "EXISTS as condition",
            1,
            20,
            "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.id)"
                + " OR (g = 1 AND SCORE(a, b) > 50)"));
  }

  static Stream<Modes.Case<Position>> branchesInModes() {
    return Modes.each(branches());
  }

  @ParameterizedTest
  @MethodSource("branchesInModes")
  void scoresTheRowsThatTakeTheBranch(Modes.Case<Position> test) {
    queries.check(test);
  }

  /** Spark draws out what stands twice in a branch and computes it on all rows. */
  static Stream<Position> branchesOfArrays() {
    return Stream.of(
        position("AND", 1, 20, "SELECT id, g = 1 AND PAIR[0] * PAIR[0] > 50 FROM t"),
        position("OR", 1, 80, "SELECT id, g = 1 OR PAIR[0] * PAIR[0] > 50 FROM t"),
        position(
            "CASE",
            1,
            20,
            "SELECT id, CASE WHEN g = 1 AND PAIR[0] * PAIR[0] > 50 THEN 'x' ELSE 'y' END FROM t"),
        position(
            "DISTINCT and FILTER",
            1,
            20,
            "SELECT count(DISTINCT PAIR) FILTER (WHERE g = 1), count(DISTINCT b) FROM t"),
        position(
            "DISTINCT and FILTER over a branch",
            1,
            14,
            "SELECT count(DISTINCT IF(b < 5, PAIR, array(0f))) FILTER (WHERE g = 1) FROM t"));
  }

  static Stream<Modes.Case<Position>> branchesOfArraysInModes() {
    return Modes.each(branchesOfArrays());
  }

  @ParameterizedTest
  @MethodSource("branchesOfArraysInModes")
  void anArrayIsNullOutsideItsBranch(Modes.Case<Position> test) {
    String query = test.value().query();
    String formula = "array(float(2 * a + 3 * b), float(a + b))";
    queries.check(test, query.replace("PAIR", formula), query.replace("PAIR", pair));
  }

  @Test
  void aRandomConditionIsDrawnOnce(SparkSession spark) {
    Dataset<Row> scored =
        spark.sql(queries.score().call("SELECT IF(rand() > 0.5, SCORE(a, b), -1f) s FROM t"));
    List<Row> rows = scored.collectAsList();
    long taken = rows.stream().filter(row -> row.getFloat(0) >= 0).count();
    assertThat(rows).noneMatch(row -> row.isNullAt(0));
    assertThat(Evaluations.rows(scored)).isEqualTo(taken).isBetween(1L, 99L);
  }

  @Test
  void aRandomConditionInsideABranchIsDrawnThereOnly(SparkSession spark) {
    Dataset<Row> scored =
        spark.sql(
            queries
                .score()
                .call(
                    "SELECT IF(b > 0, IF(rand() > 1 DIV b - 1, SCORE(a, b), -1f), -2f) s FROM t"));
    assertThat(scored.filter("s = -2").count()).isEqualTo(15);
    assertThat(scored.filter("s IS NULL").count()).isZero();
  }

  @Test
  void aUsersFunctionAsConditionRunsOncePerRow(SparkSession spark) {
    LongAccumulator calls = spark.sparkContext().longAccumulator();
    UDF1<Integer, Boolean> counted =
        g -> {
          calls.add(1);
          return g == 1;
        };
    spark.udf().register("is_one", counted, DataTypes.BooleanType);
    Dataset<Row> scored =
        spark.sql(queries.score().call("SELECT IF(is_one(g), SCORE(a, b), 0f) FROM t"));
    assertThat(scored.collectAsList()).hasSize(100);
    assertThat(calls.value()).isEqualTo(100);
    assertThat(Evaluations.rows(scored)).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IF(g = 1, SCORE(a, b), 0f)",
        "IF(g = 1, PAIR, array(0f))",
        "coalesce(nullif(float(g), 1f), SCORE(a, b))",
        "array(IF(g = 1, SCORE(a, b), 0f))[0]",
        "IF(g = 1, IF(SCORE(a, b) > 50, SCORE(b, a), 1f), 0f)"
      })
  void theColumnStaysWithoutNulls(String column, SparkSession spark) {
    String query = "SELECT " + column.replace("PAIR", pair) + " s FROM t";
    Dataset<Row> scored = spark.sql(queries.score().call(query));
    assertThat(scored.schema().apply("s").nullable()).isFalse();
    assertThat(Evaluations.execution(scored).optimizedPlan().schema().apply("s").nullable())
        .isFalse();
    assertThat(scored.filter("s IS NULL").count()).isZero();
    assertThat(scored.collectAsList()).hasSize(100).noneMatch(row -> row.isNullAt(0));
  }
}
