package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static io.sparkonnx.spark.functions.tryOnnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of rows that a model cannot take, and of the rows beside them. */
@ExtendWith(SparkSessionExtension.class)
class TryPredictTest {
  private static final int ROWS = 4096;
  private static final int LABELS = 5;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static String linear;
  private static String lookup;
  private static Dataset<Row> columns;

  /** Row 1234 is bad in every column; ks is no label in the rows 7 and 4000 to 4009. */
  @BeforeAll
  static void createTable(SparkSession session) {
    spark = session;
    linear = TestModel.linear(1f, 2f, 3f).write(folder, "linear.onnx");
    lookup =
        new TestModel()
            .input("k", ElementType.INT64, "N")
            .floats("labels", new float[] {0f, 10f, 20f, 30f, 40f}, LABELS)
            .node("Gather", List.of("labels", "k"), List.of("y"))
            .output("y", ElementType.FLOAT, "N")
            .write(folder, "lookup.onnx");
    String path = folder.resolve("rows").toString();
    spark
        .range(0, ROWS, 1, 1)
        .selectExpr(
            "id",
            "if(id = 1234, null, float(id)) missing",
            "if(id = 1234, 1e300D, double(id)) huge",
            "if(id = 1234, array(float(id)), array(float(id), float(1))) ragged",
            "if(id = 1234, array(float(id), null), array(float(id), float(1))) hole",
            "if(id = 1234, 99L, id % 5) k",
            "if(id = 7 OR id BETWEEN 4000 AND 4009, -99L, id % 5) ks")
        .write()
        .parquet(path);
    columns = spark.read().parquet(path);
  }

  private static Dataset<Row> from(boolean columnar) {
    return columnar ? columns : columns.filter("id >= 0");
  }

  private static Column[] inputs(String names) {
    return java.util.Arrays.stream(names.split(" "))
        .map(org.apache.spark.sql.functions::expr)
        .toArray(Column[]::new);
  }

  @ParameterizedTest
  @CsvSource({
    "true, missing float(1)", "false, missing float(1)",
    "true, huge float(1)", "false, huge float(1)",
    "true, ragged", "false, ragged",
    "true, hole", "false, hole",
  })
  void aBadValueGivesNullForItsRowOnly(boolean columnar, String arguments) {
    Dataset<Row> scored =
        from(columnar).select(col("id"), tryOnnxPredict(linear, inputs(arguments)).as("p"));
    List<Row> rows = scored.collectAsList();
    assertThat(rows).hasSize(ROWS);
    for (Row row : rows) {
      long id = row.getLong(0);
      assertThat(row.get(1)).as("row %s", id).isEqualTo(id == 1234 ? null : 2f * id + 4f);
    }
    assertThat(Evaluations.metric(scored, "numBadRows")).isEqualTo(1);
    assertThat(Evaluations.metric(scored, "numScoredRows")).isEqualTo(ROWS - 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anErrorInsideTheEngineIsTracedToItsRow(boolean columnar) {
    spark.conf().set(OnnxConf.BATCH_SIZE, ROWS);
    Dataset<Row> scored =
        from(columnar).select(col("id"), col("k"), tryOnnxPredict(lookup, col("k")).as("p"));
    assertThat(scored.filter("p IS NULL").collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactly(1234L);
    assertThat(scored.filter("p != 10 * k").count()).isZero();
    scored.collectAsList();
    assertThat(Evaluations.metric(scored, "numBadRows")).isEqualTo(1);
    assertThat(Evaluations.metric(scored, "numBatches")).isBetween(1L, 4L + 2 * 12);
    spark.conf().unset(OnnxConf.BATCH_SIZE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyBadRowOfABatchIsFound(boolean columnar) {
    Dataset<Row> scored =
        from(columnar).select(col("id"), col("ks"), tryOnnxPredict(lookup, col("ks")).as("p"));
    assertThat(scored.filter("(p IS NULL) != (ks < 0)").count()).isZero();
    assertThat(scored.filter("p != 10 * ks").count()).isZero();
    scored.collectAsList();
    assertThat(Evaluations.metric(scored, "numBadRows")).isEqualTo(11);
  }

  @ParameterizedTest
  @CsvSource({
    "true, missing float(1), input x: column missing is NULL",
    "false, missing float(1), input x: column missing is NULL",
    "true, ragged, input x: column ragged has 1 elements",
    "false, ragged, input x: column ragged has 1 elements",
  })
  void withErrorsABadRowSaysWhatIsWrongAndOthersHaveTheirResult(
      boolean columnar, String arguments, String error) {
    Column call = tryOnnxPredict(linear, OnnxOptions.NONE.withErrors(true), inputs(arguments));
    List<Row> rows = from(columnar).select(col("id"), call.as("p")).collectAsList();
    assertThat(rows).hasSize(ROWS);
    for (Row row : rows) {
      long id = row.getLong(0);
      Row result = row.getStruct(1);
      assertThat(result.get(0)).as("row %s", id).isEqualTo(id == 1234 ? null : 2f * id + 4f);
      if (id == 1234) {
        assertThat(result.getString(1)).startsWith(error);
      } else {
        assertThat(result.isNullAt(1)).as("row %s", id).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withErrorsEachRowThatTheEngineRefusesHasItsOwn(boolean columnar) {
    Column call = tryOnnxPredict(lookup, OnnxOptions.NONE.withErrors(true), col("ks"));
    Dataset<Row> scored =
        from(columnar)
            .withColumn("p", call)
            .selectExpr("id", "ks", "p.result AS r", "p.error AS e");
    assertThat(scored.filter("(e IS NULL) != (ks >= 0) OR (r IS NULL) != (ks < 0)").count())
        .isZero();
    assertThat(scored.filter("e LIKE '%-99%'").count()).isEqualTo(11);
    scored.collectAsList();
    assertThat(Evaluations.metric(scored, "numScoredRows")).isEqualTo(ROWS);
  }

  @Test
  void withErrorsSeveralOutputsAreAStructInTheResult() {
    String two = TestModel.twoOutputs().write(folder, "two.onnx");
    Dataset<Row> scored =
        columns.select(
            col("id"),
            tryOnnxPredict(two, OnnxOptions.NONE.withErrors(true), inputs("missing float(2)"))
                .as("p"));
    assertThat(scored.schema().apply("p").dataType().sql())
        .isEqualTo(
            "STRUCT<result: STRUCT<sum: FLOAT NOT NULL, product: FLOAT NOT NULL>, error: STRING>");
    assertThat(scored.filter("p.result.product = 2 * id").count()).isEqualTo(ROWS - 1);
    assertThat(scored.filter("p.result IS NULL AND p.error IS NOT NULL").count()).isOne();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void onnxPredictNamesTheRowThatTheEngineFailedOn(boolean columnar) {
    assertThatThrownBy(() -> from(columnar).select(onnxPredict(lookup, col("k"))).collectAsList())
        .rootCause()
        .hasMessageContaining("99");
    assertThatThrownBy(() -> from(columnar).select(onnxPredict(lookup, col("k"))).collectAsList())
        .hasStackTraceContaining(
            "CallException: [ONNX_BAD_ROW] onnx_predict('"
                + lookup
                + "'), partition 0, row 1234 (row ");
  }

  @Test
  void aFrameOfBadRowsGivesNulls() {
    Dataset<Row> scored =
        columns.select(tryOnnxPredict(lookup, col("k").plus(1000)).as("p")).limit(100);
    assertThat(scored.collectAsList()).hasSize(100).allMatch(row -> row.isNullAt(0));
    Dataset<Row> nulls = columns.selectExpr("float(null) v").limit(100);
    assertThat(nulls.select(tryOnnxPredict(linear, col("v"), col("v"))).collectAsList())
        .hasSize(100)
        .allMatch(row -> row.isNullAt(0));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStructOfOutputsIsNullForABadRow(boolean columnar) {
    String two = TestModel.twoOutputs().write(folder, "two.onnx");
    Dataset<Row> scored =
        from(columnar).select(col("id"), tryOnnxPredict(two, col("missing"), col("id")).as("o"));
    assertThat(scored.schema().apply("o").nullable()).isTrue();
    assertThat(scored.filter("o IS NULL OR o.sum IS NULL").collectAsList())
        .extracting(row -> row.getLong(0))
        .containsExactly(1234L);
    assertThat(scored.filter("o.sum != 2 * id").count()).isZero();
  }

  @Test
  void aStrictAndALenientCallAreDifferent() {
    Dataset<Row> scored =
        columns.select(
            onnxPredict(linear, col("id"), col("id")).as("p"),
            tryOnnxPredict(linear, col("id"), col("id")).as("q"));
    assertThat(scored.schema().apply("p").nullable()).isFalse();
    assertThat(scored.schema().apply("q").nullable()).isTrue();
    assertThat(scored.filter("p != q").count()).isZero();
    scored.collectAsList();
    assertThat(Evaluations.of(scored).get(0).calls().size()).isEqualTo(2);
  }

  @Test
  void aFilterOnALenientCallKeepsNullsApart() {
    Dataset<Row> scored =
        columns.withColumn("p", tryOnnxPredict(linear, col("missing"), col("id"))).select("p");
    assertThat(scored.filter("p IS NULL").count()).isEqualTo(1);
    assertThat(scored.filter("p >= 0").count()).isEqualTo(ROWS - 1);
    assertThat(scored.na().fill(-1f).filter("p = -1").count()).isEqualTo(1);
  }

  @Test
  void whatIsNoFaultOfARowIsStillAnError() {
    assertThatThrownBy(() -> spark.sql("SELECT try_onnx_predict('nowhere.onnx', 1)"))
        .hasMessageContaining(
            "try_onnx_predict('nowhere.onnx'): model nowhere.onnx does not exist");
    assertThatThrownBy(
            () -> spark.sql("SELECT try_onnx_predict('" + linear + "', 'text', 1)").collect())
        .hasMessageContaining("try_onnx_predict('" + linear + "'): argument 'text' for input x");
  }

  @Test
  void aBadRowHasAConditionAndAnSqlState() {
    assertThatThrownBy(() -> columns.select(onnxPredict(lookup, col("k"))).collectAsList())
        .isInstanceOfSatisfying(
            SparkThrowable.class,
            e -> {
              assertThat(e.getCondition()).isEqualTo("ONNX_BAD_ROW");
              assertThat(e.getSqlState()).isEqualTo("22000");
            })
        .hasMessageContaining("Gather")
        .hasMessageEndingWith("index 99 is outside an axis of 5 SQLSTATE: 22000");
  }
}
