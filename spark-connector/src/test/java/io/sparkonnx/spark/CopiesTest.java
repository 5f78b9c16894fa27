package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.plan.Sequences;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How often values are copied between Spark's memory and the model's tensors. */
@ExtendWith(SparkSessionExtension.class)
class CopiesTest {
  private static final long ROWS = 1000;
  private static final int WIDTH = 16;

  @TempDir static Path folder;
  private static Dataset<Row> rows;

  @BeforeAll
  static void createTable(SparkSession spark) {
    String path = folder.resolve("rows").toString();
    spark
        .range(0, ROWS, 1, 1)
        .selectExpr(
            "id",
            "array_repeat(float(id), " + WIDTH + ") xs",
            "float(id) a",
            "float(2 * id) b",
            "repeat('ab', int(id % 5)) s",
            "concat('t', id) t")
        .write()
        .parquet(path);
    rows = spark.read().parquet(path);
  }

  private static Dataset<Row> scored(Dataset<Row> from, String model, String... inputs) {
    var columns = List.of(inputs).stream().map(name -> col(name)).toList();
    Dataset<Row> scored =
        from.select(
            onnxPredict(model, columns.toArray(org.apache.spark.sql.Column[]::new)).as("y"));
    scored.collectAsList();
    return scored;
  }

  private static String doubled() {
    return new TestModel()
        .input("x", ElementType.FLOAT, "N", WIDTH)
        .node("Add", List.of("x", "x"), List.of("y"))
        .output("y", ElementType.FLOAT, "N", WIDTH)
        .write(folder, "doubled.onnx");
  }

  private static String texts(int width) {
    return new TestModel()
        .input("x", ElementType.STRING, "N", width)
        .node("Identity", List.of("x"), List.of("y"))
        .output("y", ElementType.STRING, "N", width)
        .write(folder, "texts" + width + ".onnx");
  }

  private static void assertCopies(Dataset<Row> scored, double in, double out) {
    double input = Evaluations.metric(scored, "inputBytes");
    double output = Evaluations.metric(scored, "outputBytes");
    assertThat(Evaluations.metric(scored, "copiedInBytes") / input).isEqualTo(in);
    assertThat(Evaluations.metric(scored, "copiedOutBytes") / output).isEqualTo(out);
  }

  @Test
  void aColumnOfArraysIsCopiedOnceAndResultsAreNot() {
    Dataset<Row> scored = scored(rows, doubled(), "xs");
    assertThat(Evaluations.metric(scored, "inputBytes")).isEqualTo(ROWS * WIDTH * Float.BYTES);
    assertThat(Evaluations.metric(scored, "outputBytes")).isEqualTo(ROWS * WIDTH * Float.BYTES);
    assertCopies(scored, 1, 0);
  }

  @Test
  void columnsOfAMatrixAreCopiedOnce() {
    String model = TestModel.linear(1f, 2f, 3f).write(folder, "linear.onnx");
    assertCopies(scored(rows, model, "a", "b"), 1, 0);
  }

  @Test
  void aColumnOfStringsIsCopiedOnce() {
    Dataset<Row> scored = scored(rows, texts(1), "t");
    long characters = 10 * 2 + 90 * 3 + 900 * 4;
    assertThat(Evaluations.metric(scored, "inputBytes"))
        .isEqualTo(characters + ROWS * Integer.BYTES);
    assertCopies(scored, 1, 0);
  }

  @Test
  void columnsOfStringsThatMakeOneMatrixAreCopiedTwice() {
    Dataset<Row> scored = scored(rows, texts(2), "s", "t");
    assertCopies(scored, 2, 0);
    List<Row> results = scored.collectAsList();
    assertThat(results.get(7).getList(0)).isEqualTo(List.of("abab", "t7"));
    assertThat(results.get(999).getList(0)).isEqualTo(List.of("abababab", "t999"));
  }

  @Test
  void arraysOfRowsAreCopiedOnceAndResultsOnceWhereNothingElseIsRead() {
    Dataset<Row> scored = scored(rows.filter("xs[0] >= 0"), doubled(), "xs");
    long row = 8 + 8 + 8 + 8 + WIDTH * Float.BYTES;
    assertThat(Evaluations.metric(scored, "copiedInBytes")).isEqualTo(ROWS * WIDTH * Float.BYTES);
    assertThat(Evaluations.metric(scored, "copiedOutBytes")).isEqualTo(ROWS * row);
  }

  @Test
  void ofRowsOnlyTheColumnsThatAreReadAboveAreKept() {
    Dataset<Row> scored =
        rows.filter("xs[0] >= 0").select(col("id"), onnxPredict(doubled(), col("xs")).as("y"));
    List<Row> results = scored.collectAsList();
    long kept = 8 + 8;
    assertThat(Evaluations.metric(scored, "copiedInBytes"))
        .isEqualTo(ROWS * (kept + WIDTH * Float.BYTES));
    assertThat(results.get(7).getLong(0)).isEqualTo(7);
    assertThat(results.get(7).getList(1)).containsOnly(14f);
  }

  @Test
  void aFilterAboveTheCallKeepsWhatItReads() {
    Dataset<Row> scored =
        rows.filter("xs[0] >= 0")
            .withColumn("y", onnxPredict(doubled(), col("xs")))
            .filter("y[0] > 20 and a < b")
            .select("y");
    List<Row> results = scored.collectAsList();
    assertThat(results).hasSize((int) ROWS - 11);
    assertThat(results.get(0).getList(0)).containsOnly(22f);
  }

  @Test
  void columnsThatAreNotReadAboveAreNotGivenOn() {
    Dataset<Row> scored = rows.select(col("id"), onnxPredict(doubled(), col("xs")).as("y"));
    assertThat(scored.collectAsList().get(7).getList(1)).containsOnly(14f);
    assertThat(Sequences.list(Evaluations.of(scored).get(0).output()))
        .extracting(attribute -> attribute.name())
        .containsExactly("id", "prediction");
  }
}
