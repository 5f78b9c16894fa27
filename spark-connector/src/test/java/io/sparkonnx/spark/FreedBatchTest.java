package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models whose file fixes the batch at 1, run on many rows at once. */
@ExtendWith(SparkSessionExtension.class)
class FreedBatchTest {
  private static final int ROWS = 10_000;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static Dataset<Row> columns;
  private static String model;

  /** y [1, 2] = [2a + 3b, a + b] of x [1, 1, 2] = [a, b], with the 1 in a constant. */
  @BeforeAll
  static void createTable(SparkSession session) {
    spark = session;
    model =
        new TestModel()
            .input("x", ElementType.FLOAT, 1, 1, 2)
            .longs("flat", new long[] {1, -1}, 2)
            .floats("w", new float[] {2, 1, 3, 1}, 2, 2)
            .node("Reshape", List.of("x", "flat"), List.of("f"))
            .node("MatMul", List.of("f", "w"), List.of("y"))
            .output("y", ElementType.FLOAT, 1, 2)
            .write(folder, "fixed.onnx");
    String path = folder.resolve("rows").toString();
    spark
        .range(0, ROWS, 1, 1)
        .selectExpr("id", "float(id) a", "float(id % 7) b", "array(float(id), float(id % 7)) xs")
        .write()
        .parquet(path);
    columns = spark.read().parquet(path);
  }

  private static Dataset<Row> rows(boolean columnar) {
    return columnar ? columns : columns.filter("id >= 0");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void rowsShareRunsAndHaveTheTypeOfOneRow(boolean columnar) {
    Dataset<Row> scored = rows(columnar).select(col("id"), onnxPredict(model, col("xs")).as("y"));
    assertThat(scored.schema().apply("y").dataType().sql()).isEqualTo("ARRAY<FLOAT>");
    assertThat(scored.collectAsList())
        .hasSize(ROWS)
        .allSatisfy(
            row -> {
              float id = row.getLong(0);
              float b = row.getLong(0) % 7;
              assertThat(row.getList(1)).isEqualTo(List.of(2 * id + 3 * b, id + b));
            });
    assertThat(Evaluations.metric(scored, "numBatches")).isBetween(2L, 7L);
    assertThat(Evaluations.rows(scored)).isEqualTo(ROWS);
  }

  @Test
  void theRunsAreAsManyAsTheBatchSizeMakesThem() {
    OnnxOptions options = OnnxOptions.NONE.batchSize(100);
    Dataset<Row> scored = columns.select(onnxPredict(model, options, col("xs")));
    scored.collectAsList();
    assertThat(Evaluations.metric(scored, "numBatches")).isBetween(ROWS / 100L, ROWS / 100L + 3);
  }

  @Test
  void columnsThatMakeUpOneMatrixStayColumns() {
    String matrix =
        new TestModel()
            .input("x", ElementType.FLOAT, 1, 2)
            .floats("w", new float[] {2, 3}, 2, 1)
            .node("MatMul", List.of("x", "w"), List.of("y"))
            .output("y", ElementType.FLOAT, 1, 1)
            .write(folder, "matrix.onnx");
    Dataset<Row> scored =
        columns.select(col("id"), onnxPredict(matrix, col("a"), col("b")).as("y"));
    assertThat(scored.schema().apply("y").dataType().sql()).isEqualTo("FLOAT");
    assertThat(scored.filter("y != 2 * float(id) + 3 * float(id % 7)").count()).isZero();
    scored.collectAsList();
    assertThat(Evaluations.metric(scored, "numBatches")).isBetween(2L, 7L);
  }

  @Test
  void theStoreTellsWhetherRowsGoTogetherAndWhyNot() {
    String path = folder.resolve("store").toString();
    new java.io.File(path).mkdirs();
    TestModel.linear(0f, 1f).write(Path.of(path), "any.onnx");
    new TestModel()
        .input("x", ElementType.FLOAT, 1, 2)
        .node("Softmax", List.of("x"), List.of("y"), "axis", 1)
        .output("y", ElementType.FLOAT, 1, 2)
        .write(Path.of(path), "freed.onnx");
    new TestModel()
        .input("x", ElementType.FLOAT, 1, 2)
        .node("Softmax", List.of("x"), List.of("y"), "axis", 0)
        .output("y", ElementType.FLOAT, 1, 2)
        .write(Path.of(path), "one.onnx");
    List<String> batching =
        spark
            .read()
            .format("onnx")
            .load(path)
            .orderBy("path")
            .select("batching")
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toList();
    assertThat(batching.get(0)).isEqualTo("any number of rows, each on its own");
    assertThat(batching.get(1))
        .isEqualTo(
            "any number of rows, each on its own: the file fixes the batch at 1, which nothing in"
                + " it needs");
    assertThat(batching.get(2))
        .startsWith("one run at a time: the file fixes the batch at 1, and more rows would not")
        .contains("Softmax ")
        .endsWith("works along the batch axis");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aModelForOneRowMayLeaveOtherDimensionsOpen(boolean columnar) {
    String open =
        new TestModel()
            .input("x", ElementType.FLOAT, 1, "length")
            .node("ReduceMean", List.of("x"), List.of("m"), "axes", List.of(0, 1), "keepdims", 0)
            .node("Sub", List.of("x", "m"), List.of("y"))
            .output("y", ElementType.FLOAT, 1, "length")
            .write(folder, "open.onnx");
    Dataset<Row> scored =
        rows(columnar)
            .filter("id < 50")
            .selectExpr("slice(xs, 1, int(id % 2) + 1) v")
            .select(col("v"), onnxPredict(open, col("v")).as("y"));
    assertThat(scored.collectAsList())
        .hasSize(50)
        .allSatisfy(
            row -> {
              List<Float> v = row.getList(0);
              float mean = v.size() == 1 ? v.get(0) : (v.get(0) + v.get(1)) / 2;
              assertThat(row.<Float>getList(1)).isEqualTo(v.stream().map(x -> x - mean).toList());
            });
    assertThat(Evaluations.metric(scored, "numBatches")).isEqualTo(50);
  }
}
