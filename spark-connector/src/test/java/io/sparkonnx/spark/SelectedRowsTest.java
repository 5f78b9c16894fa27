package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.spark.plan.OnnxEval;
import io.sparkonnx.spark.plan.OnnxPredict;
import io.sparkonnx.spark.plan.Sequences;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.Metadata;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that run on some of a node's rows. */
@ExtendWith(SparkSessionExtension.class)
class SelectedRowsTest {
  private static final int ROWS = 5000;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static String linear;
  private static Dataset<Row> columns;

  /** id 0…4999, a = id, b = id % 7, z = 1 where b is 3, else 0, v = null where b is 2. */
  @BeforeAll
  static void createTable(SparkSession session) {
    spark = session;
    linear = TestModel.linear(1f, 2f, 3f).write(folder, "linear.onnx");
    String path = folder.resolve("rows").toString();
    spark
        .range(0, ROWS, 1, 1)
        .selectExpr(
            "id",
            "float(id) a",
            "int(id % 7) b",
            "int(id % 7 = 3) z",
            "if(id % 7 = 2, null, float(id)) v")
        .write()
        .parquet(path);
    columns = spark.read().parquet(path);
  }

  private static Dataset<Row> from(boolean columnar) {
    return columnar ? columns : columns.filter("id >= 0").repartition(2);
  }

  /** The frame with p0, p1, … from one node, each call on the rows that its condition selects. */
  private static Dataset<Row> evaluate(Dataset<Row> frame, List<Column> calls, String... on) {
    List<Column> all = new ArrayList<>(calls);
    for (String condition : on) {
      all.add(condition == null ? expr("true") : expr(condition));
    }
    Dataset<Row> asked = frame.select(all.toArray(Column[]::new));
    Project project = (Project) Evaluations.execution(asked).analyzed();
    List<OnnxPredict> guarded = new ArrayList<>();
    List<Attribute> results = new ArrayList<>();
    for (int i = 0; i < on.length; i++) {
      OnnxPredict call = (OnnxPredict) value(project, i);
      guarded.add(on[i] == null ? call : call.on(value(project, calls.size() + i)));
      results.add(attribute("p" + i, guarded.get(i)));
    }
    return org.apache.spark.sql.classic.Dataset.ofRows(
        (org.apache.spark.sql.classic.SparkSession) spark,
        new OnnxEval(Sequences.seq(guarded), Sequences.seq(results), project.child()));
  }

  private static Expression value(Project project, int column) {
    return ((Expression) project.projectList().apply(column)).children().head();
  }

  private static Attribute attribute(String name, OnnxPredict call) {
    return new AttributeReference(
        name,
        call.dataType(),
        call.nullable(),
        Metadata.empty(),
        NamedExpression$.MODULE$.newExprId(),
        Sequences.seq(List.of()));
  }

  private static Column linear(String... inputs) {
    Column[] arguments = new Column[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      arguments[i] = expr(inputs[i]);
    }
    return onnxPredict(linear, arguments).as("p");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theModelRunsOnSelectedRowsAndGivesNullElsewhere(boolean columnar) {
    Dataset<Row> scored = evaluate(from(columnar), List.of(linear("a", "b")), "b = 3 AND id > 20");
    List<Row> rows = scored.collectAsList();
    assertThat(rows).hasSize(ROWS);
    for (Row row : rows) {
      long id = row.getLong(0);
      Float expected = id % 7 == 3 && id > 20 ? (Float) (2f * id + 10f) : null;
      assertThat(row.get(row.fieldIndex("p0"))).as("row %s", id).isEqualTo(expected);
    }
    assertThat(Evaluations.of(scored).get(0).supportsColumnar()).isEqualTo(columnar);
    assertThat(Evaluations.metric(scored, "numOutputRows")).isEqualTo(ROWS);
    assertThat(Evaluations.metric(scored, "numScoredRows")).isEqualTo(711);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void argumentsOfOtherRowsAreNeitherComputedNorChecked(boolean columnar) {
    Dataset<Row> scored =
        evaluate(
            from(columnar), List.of(linear("a", "1 div z"), linear("v", "b")), "z = 1", "b != 2");
    List<Row> rows = scored.collectAsList();
    assertThat(rows).filteredOn(r -> !r.isNullAt(5)).hasSize(714);
    assertThat(rows).filteredOn(r -> r.isNullAt(6)).hasSize(714);
    assertThat(Evaluations.metric(scored, "numScoredRows")).isEqualTo(ROWS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void guardedAndUnguardedCallsShareANode(boolean columnar) {
    List<Column> calls = List.of(linear("a", "b"), linear("b", "a"), linear("b", "b"));
    Dataset<Row> scored = evaluate(from(columnar), calls, "b = 3", null, "b = 3");
    String wrong =
        "p1 != 2 * b + 3 * a + 1 OR (p0 IS NULL) != (b != 3) OR (p2 IS NULL) != (b != 3)"
            + " OR p0 != 2 * a + 3 * b + 1 OR p2 != 5 * b + 1";
    assertThat(scored.filter(wrong).count()).isZero();
    scored.collectAsList();
    assertThat(Evaluations.metric(scored, "numScoredRows")).isEqualTo(ROWS + 2 * 714);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConditionThatIsNeverTrueRunsNothing(boolean columnar) {
    Dataset<Row> scored =
        evaluate(from(columnar), List.of(linear("a", "b")), "if(b > 100, true, null)");
    assertThat(scored.collectAsList()).hasSize(ROWS).allMatch(r -> r.isNullAt(5));
    assertThat(Evaluations.metric(scored, "numBatches")).isZero();
    assertThat(Evaluations.metric(scored, "numScoredRows")).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void structsAndArraysAreNullOnOtherRows(boolean columnar) {
    String two = TestModel.twoOutputs().write(folder, "two.onnx");
    Dataset<Row> scored =
        evaluate(from(columnar), List.of(onnxPredict(two, col("a"), col("b")).as("p")), "b > 4");
    assertThat(scored.filter("(p0 IS NULL) != (b <= 4)").count()).isZero();
    assertThat(scored.filter("p0.sum != a + b OR p0.product != a * b").count()).isZero();
    assertThat(scored.filter("p0.sum IS NULL").count()).isEqualTo(scored.filter("b <= 4").count());
    scored.collectAsList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBadSelectedRowIsNamedByItsPlaceAmongAllRows(boolean columnar) {
    Dataset<Row> one = columnar ? columns.coalesce(1) : columns.coalesce(1).filter("id >= 0");
    Dataset<Row> scored = evaluate(one, List.of(linear("v", "b")), "id > 2998");
    long bad = 3_000 + (2 + 7 - 3_000 % 7) % 7;
    assertThatThrownBy(scored::collectAsList)
        .hasMessageContaining("row " + bad + " (row ")
        .hasMessageContaining("input x: column v is NULL");
  }

  @Test
  void aCallOnSomeRowsIsNullableAndDiffersFromOneOnAllRows() {
    Dataset<Row> asked = columns.select(linear("a", "b"), expr("b = 3"));
    Project project = (Project) Evaluations.execution(asked).analyzed();
    OnnxPredict call = (OnnxPredict) value(project, 0);
    OnnxPredict guarded = call.on((Expression) value(project, 1));
    assertThat(call.nullable()).isFalse();
    assertThat(guarded.nullable()).isTrue();
    assertThat(guarded.semanticEquals(call)).isFalse();
    assertThat(guarded.semanticEquals(call.on((Expression) value(project, 1)))).isTrue();
    assertThat(guarded.sql()).endsWith(" on (b = 3)");
  }
}
