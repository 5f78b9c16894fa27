package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.bind.OutputSlot;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.execution.FormattedMode$;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Calls on the same rows that differ only in the option outputs run as one. */
@ExtendWith(SparkSessionExtension.class)
class UnitedOutputsTest {
  @TempDir static Path folder;
  private static SparkSession spark;
  private static String model;

  /**
   * total = a + b, ratio = a / c, squares = [c · c, a · a]; t has a = id / 3, b = 2 id, c = id + 1.
   */
  @BeforeAll
  static void createTable(SparkSession session) {
    spark = session;
    model =
        new TestModel()
            .input("a", ElementType.FLOAT, "N", 1)
            .input("b", ElementType.FLOAT, "N", 1)
            .input("c", ElementType.FLOAT, "N", 1)
            .node("Add", List.of("a", "b"), List.of("total"))
            .node("Div", List.of("a", "c"), List.of("ratio"))
            .node("Concat", List.of("c", "a"), List.of("ca"), "axis", 1)
            .node("Mul", List.of("ca", "ca"), List.of("squares"))
            .output("total", ElementType.FLOAT, "N", 1)
            .output("ratio", ElementType.FLOAT, "N", 1)
            .output("squares", ElementType.FLOAT, "N", 2)
            .write(folder, "united.onnx");
    String table = folder.resolve("t").toString();
    spark
        .range(100)
        .selectExpr("id", "float(id / 3) a", "float(2 * id) b", "float(id + 1) c", "id % 5 g")
        .write()
        .parquet(table);
    spark.read().parquet(table).createOrReplaceTempView("united");
  }

  /** A query in which TOTAL, RATIO, SQUARES, SWAPPED and ALL are calls for these outputs. */
  private static Dataset<Row> sql(String query) {
    return spark.sql(
        query
            .replace("TOTAL", call("onnx_predict", "'total'", ""))
            .replace("RATIO", call("onnx_predict", "'ratio'", ""))
            .replace("SQUARES", call("onnx_predict", "'squares'", ""))
            .replace("SWAPPED", call("onnx_predict", "array('squares', 'total')", ""))
            .replace("ALL", "onnx_predict('" + model + "', a, b, c)"));
  }

  private static String call(String function, String outputs, String options) {
    return function
        + "('"
        + model
        + "', a, b, c, named_struct('outputs', "
        + outputs
        + options
        + "))";
  }

  /** The outputs of each call of the query, after it has run. */
  private static List<List<String>> computed(Dataset<Row> query) {
    assertThat(query.collectAsList()).isNotEmpty();
    return Evaluations.of(query).stream()
        .flatMap(node -> CollectionConverters.asJava(node.calls()).stream())
        .map(made -> made.call().outputs().stream().map(OutputSlot::output).toList())
        .toList();
  }

  private static List<List<String>> computed(String query) {
    return computed(sql(query));
  }

  static Stream<Arguments> callsOnAllRows() {
    return Stream.of(
        Arguments.of(List.of("TOTAL", "RATIO"), List.of("total", "ratio")),
        Arguments.of(List.of("RATIO", "SQUARES", "TOTAL"), List.of("ratio", "squares", "total")),
        Arguments.of(List.of("SWAPPED", "TOTAL"), List.of("squares", "total")),
        Arguments.of(List.of("RATIO", "SWAPPED"), List.of("ratio", "squares", "total")),
        Arguments.of(List.of("RATIO", "SWAPPED", "ALL"), List.of("total", "ratio", "squares")),
        Arguments.of(List.of("RATIO", "SWAPPED.total", "ALL.total"), List.of("total", "ratio")),
        Arguments.of(
            List.of("TOTAL + RATIO", "SQUARES[1] - 1"), List.of("total", "ratio", "squares")));
  }

  @ParameterizedTest
  @MethodSource("callsOnAllRows")
  void callsOnAllRowsAreOneRun(List<String> columns, List<String> outputs) {
    Dataset<Row> query = sql("SELECT id, " + String.join(", ", columns) + " FROM united");
    assertThat(computed(query)).containsExactly(outputs);
    assertThat(Evaluations.rows(query)).isEqualTo(100);
  }

  static Stream<List<String>> callsInOneBranch() {
    return Stream.of(
        List.of("IF(g = 1, RATIO, 0f)", "IF(g = 1, TOTAL + 1, 0f)"),
        List.of("IF(g = 1, RATIO, 0f)", "IF(g = 1, SWAPPED, NULL)"),
        List.of("IF(g = 1, RATIO, 0f)", "IF(g = 1, SWAPPED, NULL).total"),
        List.of(
            "IF(g = 1, SWAPPED, named_struct('squares', array(0f), 'total', 1f))",
            "CASE WHEN g = 1 THEN RATIO END"),
        List.of("g = 1 AND SQUARES[0] * SQUARES[0] > 50", "g = 1 AND TOTAL > 3"));
  }

  @ParameterizedTest
  @MethodSource("callsInOneBranch")
  void callsInOneBranchAreOneRunOfItsRows(List<String> columns) {
    Dataset<Row> query = sql("SELECT id, " + String.join(", ", columns) + " FROM united");
    assertThat(computed(query)).hasSize(1);
    assertThat(Evaluations.rows(query)).isEqualTo(20);
  }

  static Stream<List<String>> unitedCalls() {
    return Stream.concat(
        callsOnAllRows().map(Arguments::get).map(each -> strings(each[0])), callsInOneBranch());
  }

  private static List<String> strings(Object list) {
    return ((List<?>) list).stream().map(String.class::cast).toList();
  }

  @ParameterizedTest
  @MethodSource("unitedCalls")
  void valuesAndTypesAreThoseOfEachCallAlone(List<String> columns) {
    Dataset<Row> together =
        sql("SELECT id, " + String.join(", ", columns) + " FROM united ORDER BY id");
    List<Row> rows = together.collectAsList();
    Seq<Attribute> output = Evaluations.execution(together).optimizedPlan().output();
    for (int i = 0; i < columns.size(); i++) {
      int at = i + 1;
      Dataset<Row> alone = sql("SELECT id, " + columns.get(i) + " FROM united ORDER BY id");
      Attribute expected = Evaluations.execution(alone).optimizedPlan().output().apply(1);
      assertThat(rows)
          .extracting(row -> row.get(at))
          .isEqualTo(alone.collectAsList().stream().map(row -> row.get(1)).toList());
      assertThat(output.apply(at).dataType()).isEqualTo(expected.dataType());
      assertThat(output.apply(at).nullable()).isEqualTo(expected.nullable());
    }
  }

  @Test
  void callsInAggregatesAreOneRun() {
    assertThat(
            computed("SELECT g, avg(TOTAL), max(RATIO), sum(SWAPPED.total) FROM united GROUP BY g"))
        .containsExactly(List.of("total", "ratio"));
  }

  @Test
  void callsThatAreGroupedByAreOneRun() {
    assertThat(computed("SELECT SWAPPED, SWAPPED.total, RATIO FROM united GROUP BY SWAPPED, RATIO"))
        .containsExactly(List.of("squares", "total", "ratio"));
  }

  @Test
  void aColumnIsReadOnlyForOutputsThatNeedIt() {
    Dataset<Row> query = sql("SELECT RATIO, ALL.squares FROM united");
    assertThat(Evaluations.execution(query).executedPlan().toString())
        .contains("ReadSchema: struct<a:float,c:float>");
  }

  @Test
  void aCallIsFoundAmongTheUnitedOnesBelow() {
    Dataset<Row> query =
        sql(
            "SELECT total, ratio, RATIO + 1f FROM (SELECT *, TOTAL AS total, RATIO AS ratio FROM united LIMIT 9)");
    assertThat(computed(query)).containsExactly(List.of("total", "ratio"));
    assertThat(query.collectAsList())
        .allSatisfy(row -> assertThat(row.getFloat(2)).isEqualTo(row.getFloat(1) + 1));
  }

  @Test
  void aRowIsRefusedAsByTheCallAlone() {
    String nulls = "(SELECT a, IF(id = 7, NULL, b) AS b, c FROM united)";
    assertThatThrownBy(() -> sql("SELECT RATIO, TOTAL FROM " + nulls).collectAsList())
        .hasStackTraceContaining("ONNX_BAD_ROW");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT IF(g = 1, TOTAL, RATIO) FROM united | 100",
        "SELECT TOTAL, IF(g = 1, RATIO, 0f) FROM united | 120",
        "SELECT IF(TOTAL > 7, RATIO, 0f) FROM united | 196",
        "SELECT id FROM united WHERE TOTAL > 7 AND RATIO > 0 | 196",
        "SELECT RATIO FROM united WHERE TOTAL > 7 | 196",
        "SELECT RATIO FROM united WHERE ALL.total > 7 | 196",
      })
  void callsOnOtherRowsStayApart(String query, long rows) {
    Dataset<Row> scored = sql(query);
    assertThat(computed(scored)).containsExactlyInAnyOrder(List.of("total"), List.of("ratio"));
    assertThat(Evaluations.rows(scored)).isEqualTo(rows);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'batch_size', 64", "'nan_for_null', true", "'threads', 1"})
  void callsWithOtherOptionsStayApart(String option) {
    String other = call("onnx_predict", "'ratio'", ", " + option);
    assertThat(computed("SELECT TOTAL, " + other + " FROM united"))
        .containsExactly(List.of("total"), List.of("ratio"));
  }

  @Test
  void callsWithOtherArgumentsStayApart() {
    String other = call("onnx_predict", "'ratio'", "").replace(" a, b, c,", " -a, b, c,");
    assertThat(computed("SELECT TOTAL, " + other + " FROM united"))
        .containsExactly(List.of("total"), List.of("ratio"));
  }

  @Test
  void anArgumentThatNoOutputNeedsMayDiffer() {
    String other = call("onnx_predict", "'ratio'", "").replace(" a, b, c,", " a, -b, c,");
    assertThat(computed("SELECT TOTAL, " + other + " FROM united"))
        .containsExactly(List.of("total", "ratio"));
  }

  @Test
  void lenientCallsStayApart() {
    String nulls = "(SELECT a, IF(id = 7, NULL, b) AS b, c FROM united)";
    Dataset<Row> query =
        spark.sql(
            "SELECT "
                + call("try_onnx_predict", "'total'", "")
                + ", "
                + call("try_onnx_predict", "'ratio'", "")
                + " FROM "
                + nulls);
    assertThat(computed(query)).containsExactly(List.of("total"), List.of("ratio"));
    assertThat(query.collectAsList().stream().filter(row -> row.isNullAt(0))).hasSize(1);
    assertThat(query.collectAsList()).noneMatch(row -> row.isNullAt(1));
  }

  /** One length for both inputs would be asked for together, but not by either call. */
  @Test
  void callsOverDifferentInputsOfOpenSizeStayApart() {
    String sums =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", "L")
            .input("y", ElementType.FLOAT, "N", "L")
            .node("ReduceMax", List.of("x"), List.of("p"), "axes", List.of(1), "keepdims", 1)
            .node("ReduceMax", List.of("y"), List.of("q"), "axes", List.of(1), "keepdims", 1)
            .output("p", ElementType.FLOAT, "N", 1)
            .output("q", ElementType.FLOAT, "N", 1)
            .write(folder, "sums.onnx");
    String call =
        "onnx_predict('" + sums + "', array(a), array(b, c), named_struct('outputs', '%s'))";
    Dataset<Row> query =
        spark.sql("SELECT " + call.formatted("p") + ", " + call.formatted("q") + " FROM united");
    assertThat(computed(query)).containsExactly(List.of("p"), List.of("q"));
  }

  @Test
  void callsWhoseRowsInfluenceEachOtherStayApart() {
    String mean =
        new TestModel()
            .input("x", ElementType.FLOAT, "N")
            .node("ReduceMean", List.of("x"), List.of("m"), "keepdims", 1)
            .node("Sub", List.of("x", "m"), List.of("d"))
            .output("m", ElementType.FLOAT, 1)
            .output("d", ElementType.FLOAT, "N")
            .write(folder, "mean.onnx");
    String call =
        "onnx_predict('" + mean + "', a, named_struct('batch_coupled', true, 'outputs', '%s'))";
    Dataset<Row> query =
        spark.sql("SELECT " + call.formatted("m") + ", " + call.formatted("d") + " FROM united");
    assertThat(computed(query)).containsExactly(List.of("m"), List.of("d"));
  }

  @Test
  void theFormattedPlanShowsOneCallWithItsOutputs() {
    String plan =
        Evaluations.execution(sql("SELECT TOTAL, RATIO FROM united"))
            .explainString(FormattedMode$.MODULE$)
            .replaceAll("#\\d+L?", "");
    assertThat(plan)
        .contains(
            """
              Input: a float [1] a row <- a
              Input: b float [1] a row <- b
              Input: c float [1] a row <- c
              Output: total -> FLOAT
              Output: ratio -> FLOAT
            """)
        .containsOnlyOnce("Call: ")
        .contains("prediction.total AS ");
  }
}
