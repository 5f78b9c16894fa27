package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.spark.exec.OnnxEvalExec;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where calls end up in plans, how many rows are scored, and that the results are right. */
@ExtendWith(SparkSessionExtension.class)
class PlanningTest {
  @TempDir static Path models;
  private static SparkSession spark;
  private static String linear;
  private static String call;

  /** t: id 0…99, a = id, b = id % 7, g = id % 5; the model gives 2a + 3b + 1. */
  @BeforeAll
  static void createTable(SparkSession session) {
    spark = session;
    linear = TestModel.linear(1f, 2f, 3f).write(models, "linear.onnx");
    call = "onnx_predict('" + linear + "', a, b)";
    spark
        .range(0, 100, 1, 4)
        .selectExpr("id", "double(id) a", "int(id % 7) b", "int(id % 5) g")
        .write()
        .mode("overwrite")
        .parquet(models.resolve("t").toString());
    spark.read().parquet(models.resolve("t").toString()).createOrReplaceTempView("t");
  }

  private static float score(long id) {
    return 2f * id + 3f * (id % 7) + 1f;
  }

  private static Dataset<Row> sql(String query) {
    return spark.sql(query.replace("CALL", call));
  }

  private static List<Row> rows(Dataset<Row> frame) {
    return frame.collectAsList();
  }

  @Test
  void aColumnThatIsFilteredAndSelectedIsScoredOncePerRow() {
    Dataset<Row> scored =
        spark
            .table("t")
            .withColumn("s", onnxPredict(linear, col("a"), col("b")))
            .filter("s > 50 and id < 60")
            .select("id", "s");
    List<Row> rows = rows(scored);
    assertThat(rows).allSatisfy(r -> assertThat(r.getFloat(1)).isEqualTo(score(r.getLong(0))));
    assertThat(rows).allSatisfy(r -> assertThat(r.getFloat(1)).isGreaterThan(50f));
    assertThat(Evaluations.of(scored)).hasSize(1);
    assertThat(Evaluations.rows(scored)).isEqualTo(60);
  }

  @Test
  void theSameCallInSelectAndWhereIsMadeOnce() {
    Dataset<Row> scored = sql("SELECT id, CALL p FROM t WHERE CALL > 50 AND id < 60");
    assertThat(rows(scored)).isNotEmpty();
    assertThat(Evaluations.of(scored)).hasSize(1);
    assertThat(Evaluations.rows(scored)).isEqualTo(60);
  }

  @Test
  void theSameCallInOneSelectIsMadeOnce() {
    Dataset<Row> scored = sql("SELECT CALL p, CALL + 1 q, sqrt(CALL) r FROM t");
    assertThat(rows(scored)).hasSize(100);
    assertThat(Evaluations.of(scored)).hasSize(1);
    assertThat(Evaluations.of(scored).get(0).calls().size()).isEqualTo(1);
    assertThat(Evaluations.rows(scored)).isEqualTo(100);
  }

  @Test
  void cheapConditionsRunBelowTheModelAndReachTheScan() {
    Dataset<Row> scored = sql("SELECT id FROM t WHERE CALL > 50 AND g = 2");
    assertThat(Evaluations.spine(scored))
        .containsSubsequence("Filter", "OnnxEval1", "Filter", "LogicalRelation");
    assertThat(Evaluations.execution(scored).executedPlan().toString())
        .contains("PushedFilters: [IsNotNull(g), EqualTo(g,2)]");
    rows(scored);
    assertThat(Evaluations.rows(scored)).isEqualTo(20);
  }

  @Test
  void onlyNeededColumnsAreRead() {
    Dataset<Row> scored = sql("SELECT CALL p FROM t");
    assertThat(Evaluations.execution(scored).executedPlan().toString())
        .contains("ReadSchema: struct<a:double,b:int>");
  }

  @Test
  void eachConditionScoresOnlyWhatTheOneBeforeLeft() {
    String second = "onnx_predict('" + linear + "', b, a)";
    Dataset<Row> scored = sql("SELECT id FROM t WHERE CALL > 150 AND " + second + " > 0");
    long passing = spark.range(100).toJavaRDD().filter(id -> score(id) > 150).count();
    assertThat(rows(scored)).hasSize((int) passing);
    assertThat(Evaluations.rows(scored)).isEqualTo(100 + passing);
  }

  @Test
  void anUnusedCallIsNotMade() {
    Dataset<Row> scored = sql("SELECT id FROM (SELECT id, CALL p FROM t)");
    assertThat(rows(scored)).hasSize(100);
    assertThat(Evaluations.of(scored)).isEmpty();
  }

  @Test
  void aLimitStopsBeforeAllRowsAreScored() {
    Dataset<Row> scored = sql("SELECT CALL p FROM t LIMIT 3");
    assertThat(rows(scored)).hasSize(3);
    assertThat(Evaluations.rows(scored)).isLessThanOrEqualTo(3);
  }

  @Test
  void aLimitOverASortScoresOnlyTheFirstRows() {
    Dataset<Row> scored =
        spark
            .table("t")
            .orderBy(col("id").desc())
            .limit(7)
            .select(col("id"), onnxPredict(linear, col("a"), col("b")).as("s"));
    assertThat(rows(scored)).extracting(r -> r.getFloat(1)).startsWith(score(99), score(98));
    assertThat(Evaluations.rows(scored)).isEqualTo(7);
  }

  @Test
  void aLimitInsideAQueryScoresOnlyItsRows() {
    Dataset<Row> scored = sql("SELECT sum(p) FROM (SELECT CALL p FROM t LIMIT 10)");
    assertThat(rows(scored)).hasSize(1);
    assertThat(Evaluations.rows(scored)).isEqualTo(10);
  }

  /** Tasks of four batches, and no more than shuffles have. */
  @ParameterizedTest
  @CsvSource({"39, 1", "45, 2", "90, 3"})
  void aLargeLimitIsScoredInSeveralTasks(int limit, int tasks) {
    spark.conf().set(OnnxConf.BATCH_SIZE, "5");
    try {
      Dataset<Row> summed = sql("SELECT sum(p) FROM (SELECT CALL p FROM t LIMIT " + limit + ")");
      assertThat(rows(summed)).hasSize(1);
      assertThat(Evaluations.rows(summed)).isEqualTo(limit);
      assertThat(Evaluations.of(summed)).singleElement().returns(tasks, PlanningTest::partitions);
      List<OnnxEvalExec> written =
          Evaluations.during(
              spark,
              () ->
                  sql("SELECT CALL p FROM t LIMIT " + limit)
                      .write()
                      .mode("overwrite")
                      .parquet(models.resolve("limited").toString()));
      assertThat(Evaluations.rows(written)).isEqualTo(limit);
      assertThat(written).singleElement().returns(tasks, PlanningTest::partitions);
    } finally {
      spark.conf().unset(OnnxConf.BATCH_SIZE);
    }
  }

  @Test
  void aLargeLimitOverASortKeepsItsOrder() {
    spark.conf().set(OnnxConf.BATCH_SIZE, "5");
    try {
      Dataset<Row> scored =
          sql(
              "SELECT collect_list(id) FROM (SELECT id, CALL p FROM t ORDER BY id DESC LIMIT 60)"
                  + " WHERE p > 0");
      List<Long> last = spark.range(99, 39, -1).as(Encoders.LONG()).collectAsList();
      assertThat(scored.first().<Long>getList(0)).isEqualTo(last);
    } finally {
      spark.conf().unset(OnnxConf.BATCH_SIZE);
    }
  }

  /** The distribution by a key that is not given on must not reach a query that has such a key. */
  @Test
  void aKeyThatIsNotGivenOnIsNoPartitioningAbove() {
    Dataset<Row> table = sql("SELECT a, b, id FROM t");
    Dataset<Row> scores =
        table
            .select("a", "b")
            .distinct()
            .select(onnxPredict(linear, col("a"), col("b")).as("prediction"))
            .cache();
    try {
      long distinct = scores.count();
      List<OnnxEvalExec> nodes = Evaluations.of(scores);
      assertThat(nodes)
          .isNotEmpty()
          .allSatisfy(
              node ->
                  assertThat(expressions(node.outputPartitioning()))
                      .allMatch(key -> key.references().subsetOf(node.outputSet())));
      Dataset<Row> groups =
          broadcast(table.select("a", "id").withColumn("k", col("id").multiply(0)))
              .join(scores.withColumn("k", lit(0)), "k")
              .groupBy("a")
              .count();
      List<Row> counted = rows(groups);
      assertThat(counted).extracting(row -> row.get(0)).doesNotHaveDuplicates();
      assertThat(counted.stream().mapToLong(row -> row.getLong(1)).sum()).isEqualTo(100 * distinct);
    } finally {
      scores.unpersist();
    }
  }

  private static List<Expression> expressions(Partitioning partitioning) {
    return partitioning instanceof Expression keys ? List.of(keys) : List.of();
  }

  private static int partitions(OnnxEvalExec eval) {
    return eval.outputPartitioning().numPartitions();
  }

  @Test
  void orderByAScore() {
    Dataset<Row> scored = sql("SELECT id FROM t ORDER BY CALL DESC LIMIT 2");
    assertThat(rows(scored)).extracting(r -> r.getLong(0)).containsExactly(97L, 96L);
  }

  @Test
  void anOffsetIsAppliedBeforeScoring() {
    Dataset<Row> scored = sql("SELECT id, CALL p FROM t ORDER BY id LIMIT 2 OFFSET 5");
    assertThat(rows(scored)).extracting(r -> r.getFloat(1)).containsExactly(score(5), score(6));
  }

  @Test
  void aggregatesOfScores() {
    Dataset<Row> scored =
        sql("SELECT g, sum(CALL) s, max(CALL) m, count(*) FROM t GROUP BY g ORDER BY g");
    List<Row> rows = rows(scored);
    assertThat(rows).hasSize(5);
    assertThat(rows.get(4).getFloat(2)).isEqualTo(score(99));
  }

  @Test
  void distinctAggregatesOfScores() {
    Dataset<Row> scored = sql("SELECT count(DISTINCT CALL), count(DISTINCT g), sum(CALL) FROM t");
    assertThat(rows(scored).get(0).getLong(1)).isEqualTo(5);
    assertThat(Evaluations.rows(scored)).isEqualTo(100);
  }

  @Test
  void groupingByAScore() {
    Dataset<Row> scored =
        sql("SELECT CALL > 100 high, count(*) n FROM t GROUP BY CALL > 100 ORDER BY high");
    long high = spark.range(100).toJavaRDD().filter(id -> score(id) > 100).count();
    assertThat(rows(scored)).extracting(r -> r.getLong(1)).containsExactly(100 - high, high);
    assertThat(Evaluations.rows(scored)).isEqualTo(100);
  }

  @Test
  void aCallOverAggregatesRunsOnTheGroups() {
    Dataset<Row> scored =
        spark.sql(
            "SELECT g, onnx_predict('"
                + linear
                + "', sum(a), max(b)) p, count(*) n"
                + " FROM t WHERE g = 0 OR g = 3 GROUP BY g");
    List<Row> rows = rows(scored);
    assertThat(rows)
        .extracting(r -> r.getFloat(1))
        .containsExactlyInAnyOrder(2f * 950 + 3 * 6 + 1, 2f * 1010 + 3 * 6 + 1);
    assertThat(Evaluations.rows(scored)).isEqualTo(2);
  }

  @Test
  void aCallOverAGroupsKeyRunsOnTheGroups() {
    Dataset<Row> scored =
        spark.sql(
            "SELECT onnx_predict('"
                + linear
                + "', g, g) p, sum(onnx_predict('"
                + linear
                + "', g, a)) s FROM t GROUP BY g HAVING p > 5 ORDER BY p");
    assertThat(rows(scored)).extracting(r -> r.getFloat(0)).containsExactly(6f, 11f, 16f, 21f);
  }

  @Test
  void rollupScoresBeforeItMultipliesRows() {
    Dataset<Row> scored = sql("SELECT g, b, sum(CALL) FROM t GROUP BY ROLLUP (g, b)");
    assertThat(rows(scored)).hasSize(35 + 5 + 1);
    assertThat(Evaluations.rows(scored)).isEqualTo(100);
  }

  @Test
  void windowsOverScores() {
    Dataset<Row> scored =
        sql(
            "SELECT id, rank() OVER (PARTITION BY g ORDER BY CALL DESC) r,"
                + " sum(CALL) OVER (PARTITION BY g) s FROM t ORDER BY id DESC");
    assertThat(rows(scored).get(0).getInt(1)).isEqualTo(1);
    assertThat(Evaluations.rows(scored)).isEqualTo(100);
  }

  @Test
  void nestedCallsRunOneAfterTheOther() {
    Dataset<Row> scored =
        spark.sql(
            "SELECT id, onnx_predict('" + linear + "', " + call + ", b) p FROM t ORDER BY id");
    assertThat(rows(scored).get(8).getFloat(1)).isEqualTo(2 * score(8) + 3 * 1 + 1);
  }

  @Test
  void aCommonTableExpressionAndATemporaryView() {
    sql("SELECT id, g, CALL p FROM t").createOrReplaceTempView("scored");
    Dataset<Row> query =
        spark.sql(
            "WITH s AS (SELECT * FROM scored WHERE p > 20)"
                + " SELECT x.id, y.p FROM s x JOIN s y ON x.id = y.id ORDER BY x.id");
    assertThat(rows(query))
        .allSatisfy(r -> assertThat(r.getFloat(1)).isEqualTo(score(r.getLong(0))));
  }

  @Test
  void aCallInTheConditionOfAJoinOverOneSide() {
    Dataset<Row> query =
        spark.sql(
            "SELECT l.id, r.id FROM t l JOIN t r ON l.id = r.id AND onnx_predict('"
                + linear
                + "', l.a, l.b) > 100");
    long expected = spark.range(100).toJavaRDD().filter(id -> score(id) > 100).count();
    assertThat(query.count()).isEqualTo(expected);
  }

  @Test
  void aCallInTheConditionOfAnOuterJoinOverOneSide() {
    Dataset<Row> query =
        spark.sql(
            "SELECT l.id, r.id r FROM t l LEFT JOIN t r ON l.id = r.id AND onnx_predict('"
                + linear
                + "', l.a, l.b) > 100");
    long matched = spark.range(100).toJavaRDD().filter(id -> score(id) > 100).count();
    assertThat(query.filter("r IS NOT NULL").count()).isEqualTo(matched);
    assertThat(query.count()).isEqualTo(100);
  }

  @Test
  void aCallInTheConditionOfAnInnerJoinOverBothSides() {
    Dataset<Row> query =
        spark.sql(
            "SELECT l.id, r.id r FROM t l JOIN t r ON l.g = r.b AND onnx_predict('"
                + linear
                + "', l.a, r.a) > 480");
    List<Row> rows = rows(query);
    assertThat(rows).isNotEmpty();
    assertThat(rows)
        .allSatisfy(r -> assertThat(2 * r.getLong(0) + 3 * r.getLong(1) + 1).isGreaterThan(480));
  }

  @Test
  void whereAfterAJoinScoresJoinedRowsOnly() {
    Dataset<Row> query =
        spark.sql(
            "SELECT t.id FROM t JOIN (SELECT id FROM t WHERE g = 1) u ON t.id = u.id WHERE "
                + call.replace("a, b", "t.a, t.b")
                + " > 0");
    assertThat(rows(query)).hasSize(20);
    assertThat(Evaluations.rows(query)).isEqualTo(20);
  }

  @Test
  void callsInSubqueries() {
    assertThat(sql("SELECT id FROM t WHERE id IN (SELECT id FROM t WHERE CALL > 200)").count())
        .isEqualTo(spark.range(100).toJavaRDD().filter(id -> score(id) > 200).count());
    assertThat(sql("SELECT (SELECT max(CALL) FROM t) m, id FROM t LIMIT 1").first().getFloat(0))
        .isEqualTo(score(97));
  }

  @Test
  void callsInCorrelatedSubqueries() {
    String inner = "onnx_predict('" + linear + "', u.a, u.b)";
    long expected = spark.range(100).toJavaRDD().filter(id -> score(id) > 200).count();
    Dataset<Row> exists =
        spark.sql(
            "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM t u WHERE u.id = t.id AND "
                + inner
                + " > 200)");
    assertThat(exists.count()).isEqualTo(expected);
    Dataset<Row> scalar =
        spark.sql("SELECT id, (SELECT max(" + inner + ") FROM t u WHERE u.id = t.id) m FROM t");
    assertThat(rows(scalar))
        .allSatisfy(r -> assertThat(r.getFloat(1)).isEqualTo(score(r.getLong(0))));
    Dataset<Row> outer =
        spark.sql(
            "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM t u WHERE u.a = "
                + "onnx_predict('"
                + linear
                + "', t.a, t.b))");
    assertThat(outer.count())
        .isEqualTo(spark.range(100).toJavaRDD().filter(id -> score(id) < 100).count());
  }

  @Test
  void unionsAndDistinct() {
    Dataset<Row> query =
        sql("SELECT CALL p FROM t WHERE id < 3 UNION SELECT CALL p FROM t WHERE id < 4");
    assertThat(rows(query))
        .extracting(r -> r.getFloat(0))
        .containsExactlyInAnyOrder(score(0), score(1), score(2), score(3));
  }

  @Test
  void aBranchOfCase() {
    Dataset<Row> query =
        sql("SELECT id, CASE WHEN id > 50 THEN CALL ELSE float(-1) END p FROM t ORDER BY id");
    assertThat(rows(query)).extracting(r -> r.getFloat(1)).startsWith(-1f).endsWith(score(99));
  }

  @Test
  void explodeOfScores() {
    Dataset<Row> query = sql("SELECT id, explode(array(CALL, CALL + 1)) p FROM t");
    assertThat(rows(query)).hasSize(200);
    assertThat(Evaluations.rows(query)).isEqualTo(100);
  }

  @Test
  void constantArgumentsNeedNoTable() {
    Dataset<Row> query = spark.sql("SELECT onnx_predict('" + linear + "', 1.5, 2) p");
    assertThat(query.first().getFloat(0)).isEqualTo(2 * 1.5f + 3 * 2 + 1);
  }

  @Test
  void callFunctionByName() {
    Dataset<Row> query =
        spark
            .table("t")
            .select(
                org.apache.spark.sql.functions.call_function(
                    "onnx_predict",
                    org.apache.spark.sql.functions.lit(linear),
                    expr("a + 1"),
                    col("b")))
            .limit(1);
    assertThat(query.first().getFloat(0)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void resultsDoNotDependOnAdaptiveExecutionOrAnsiMode(String adaptive, String ansi) {
    spark.conf().set("spark.sql.adaptive.enabled", adaptive);
    spark.conf().set("spark.sql.ansi.enabled", ansi);
    try {
      Dataset<Row> query =
          sql("SELECT g, sum(CALL) s FROM t WHERE CALL > 20 GROUP BY g ORDER BY s DESC");
      double[] sums = new double[5];
      spark.range(100).collectAsList().stream()
          .filter(id -> score(id) > 20)
          .forEach(id -> sums[(int) (id % 5)] += score(id));
      assertThat(rows(query))
          .hasSize(5)
          .allSatisfy(r -> assertThat(r.getDouble(1)).isEqualTo(sums[r.getInt(0)]));
      assertThat(Evaluations.rows(query)).isEqualTo(100);
    } finally {
      spark.conf().unset("spark.sql.adaptive.enabled");
      spark.conf().unset("spark.sql.ansi.enabled");
    }
  }

  @Test
  void theNodeKeepsPartitioningAndOrdering() {
    Dataset<Row> query =
        spark
            .table("t")
            .repartition(3, col("g"))
            .sortWithinPartitions("g", "id")
            .withColumn("s", onnxPredict(linear, col("a"), col("b")))
            .groupBy("g")
            .agg(expr("sum(s)"));
    String plan = Evaluations.execution(query).sparkPlan().toString();
    assertThat(rows(query)).hasSize(5);
    String executed = Evaluations.execution(query).executedPlan().toString();
    assertThat(executed.split("Exchange hashpartitioning", -1))
        .as(plan)
        .hasSizeLessThanOrEqualTo(3);
  }
}
