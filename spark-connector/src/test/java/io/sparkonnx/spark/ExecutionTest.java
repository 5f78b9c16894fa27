package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes out for which rows, over rows and over columns. */
@ExtendWith(SparkSessionExtension.class)
class ExecutionTest {
  private static final int ROWS = 10_000;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static String linear;
  private static Dataset<Row> columns;

  @BeforeAll
  static void createTable(SparkSession session) {
    spark = session;
    linear = TestModel.linear(1f, 2f, 3f).write(folder, "linear.onnx");
    String path = folder.resolve("rows").toString();
    spark
        .range(0, ROWS, 1, 3)
        .selectExpr(
            "id",
            "float(id) a",
            "int(id % 7) b",
            "array(float(id), float(id % 5)) xs",
            "array(array(float(id), float(1)), array(float(2), float(3))) xss",
            "concat('n', id % 3) name")
        .write()
        .parquet(path);
    columns = spark.read().parquet(path);
  }

  @AfterEach
  void resetBatchSize() {
    spark.conf().unset(OnnxConf.BATCH_SIZE);
  }

  /** The same rows, but as rows: a typed map takes them out of the columns. */
  private static Dataset<Row> rows() {
    return columns.filter("id >= 0").repartition(3);
  }

  private static float score(long id) {
    return 2f * id + 3f * (id % 7) + 1f;
  }

  @Test
  void columnarChildrenAreReadAsColumns() {
    Dataset<Row> scored = columns.select(col("id"), onnxPredict(linear, col("a"), col("b")));
    assertThat(scored.collectAsList())
        .hasSize(ROWS)
        .allSatisfy(r -> assertThat(r.getFloat(1)).isEqualTo(score(r.getLong(0))));
    assertThat(Evaluations.of(scored).get(0).supportsColumnar()).isTrue();
    assertThat(Evaluations.rows(scored)).isEqualTo(ROWS);
  }

  @Test
  void rowsAreGatheredIntoBatches() {
    Dataset<Row> scored = rows().select(col("id"), onnxPredict(linear, col("a"), col("b")));
    assertThat(scored.collectAsList())
        .hasSize(ROWS)
        .allSatisfy(r -> assertThat(r.getFloat(1)).isEqualTo(score(r.getLong(0))));
    assertThat(Evaluations.of(scored).get(0).supportsColumnar()).isFalse();
    assertThat(Evaluations.metric(scored, "numBatches")).isBetween(3L, 18L);
    assertThat(Evaluations.metric(scored, "computeTime")).isPositive();
    assertThat(Evaluations.metric(scored, "convertInTime")).isPositive();
    assertThat(Evaluations.metric(scored, "convertOutTime")).isPositive();
    assertThat(Evaluations.metric(scored, "loadTime")).isPositive();
  }

  @Test
  void computedArgumentsOverColumns() {
    Dataset<Row> scored =
        columns.select(col("id"), onnxPredict(linear, col("a").plus(1), col("b").multiply(2)));
    assertThat(scored.collectAsList())
        .allSatisfy(
            r ->
                assertThat(r.getFloat(1))
                    .isEqualTo(2f * (r.getLong(0) + 1) + 6f * (r.getLong(0) % 7) + 1f));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 4096, 1_000_000})
  void theBatchSizeChangesNoResult(int batchSize) {
    spark.conf().set(OnnxConf.BATCH_SIZE, batchSize);
    Dataset<Row> scored = rows().select(col("id"), onnxPredict(linear, col("xs")).as("s"));
    assertThat(scored.filter("s != 2 * float(id) + 3 * float(id % 5) + 1").count()).isZero();
    Dataset<Row> fromColumns = columns.select(col("id"), onnxPredict(linear, col("xs")).as("s"));
    assertThat(fromColumns.filter("s != 2 * float(id) + 3 * float(id % 5) + 1").count()).isZero();
    assertThat(fromColumns.count()).isEqualTo(ROWS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-3", "many"})
  void aBatchSizeThatIsNoNumberOfRowsIsRefused(String batchSize) {
    spark.conf().set(OnnxConf.BATCH_SIZE, batchSize);
    assertThatThrownBy(() -> rows().select(onnxPredict(linear, col("xs"))))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("spark.onnx.batchSize is '" + batchSize + "'");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEmptyFrameGivesAnEmptyFrame(boolean columnar) {
    Dataset<Row> empty = (columnar ? columns : rows()).filter("id < 0");
    Dataset<Row> scored = empty.select(onnxPredict(linear, col("xs")).as("s"));
    assertThat(scored.collectAsList()).isEmpty();
    assertThat(scored.schema().simpleString()).isEqualTo("struct<s:float>");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void severalOutputsBecomeAStruct(boolean columnar) {
    String model = TestModel.twoOutputs().write(folder, "two.onnx");
    Dataset<Row> scored =
        (columnar ? columns : rows())
            .select(col("id"), onnxPredict(model, col("a"), col("b")).as("o"));
    assertThat(scored.schema().apply("o").dataType().sql())
        .isEqualTo("STRUCT<sum: FLOAT NOT NULL, product: FLOAT NOT NULL>");
    assertThat(scored.filter("o.sum != a + b OR o.product != float(a) * b").count()).isZero();
    assertThat(scored.filter("id = 9999").select("o.*").first())
        .isEqualTo(org.apache.spark.sql.RowFactory.create(9999f + 3f, 9999f * 3f));
  }

  /** y [N, 2, 2] = x [N, 2, 2] + 1, read as nested arrays. */
  private static String square() {
    return new TestModel()
        .input("x", ElementType.FLOAT, "N", 2, 2)
        .floats("one", new float[] {1f}, 1)
        .node("Add", List.of("x", "one"), List.of("y"))
        .output("y", ElementType.FLOAT, "N", 2, 2)
        .write(folder, "square.onnx");
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void nestedAndFlatArraysFillATensorAndNestedArraysComeBack(boolean columnar, boolean flat) {
    Dataset<Row> from = columnar ? columns : rows();
    org.apache.spark.sql.Column input =
        flat
            ? array(
                col("a"),
                org.apache.spark.sql.functions.lit(1f),
                org.apache.spark.sql.functions.lit(2f),
                org.apache.spark.sql.functions.lit(3f))
            : col("xss");
    Dataset<Row> scored = from.select(col("id"), onnxPredict(square(), input).as("y"));
    assertThat(scored.schema().apply("y").dataType().sql()).isEqualTo("ARRAY<ARRAY<FLOAT>>");
    assertThat(
            scored
                .filter("y != array(array(float(id + 1), float(2)), array(float(3), float(4)))")
                .count())
        .isZero();
    assertThat(scored.count()).isEqualTo(ROWS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void mapsOfClassesBecomeMaps(boolean columnar) {
    String model =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", 2)
            .node(
                "ai.onnx.ml",
                "ZipMap",
                List.of("x"),
                List.of("m"),
                "classlabels_strings",
                List.of("no", "yes"))
            .output("m", TestModel.mapsType(ElementType.STRING))
            .write(folder, "zipmap.onnx");
    Dataset<Row> scored =
        (columnar ? columns : rows()).select(col("id"), onnxPredict(model, col("xs")).as("m"));
    assertThat(scored.schema().apply("m").dataType().sql()).isEqualTo("MAP<STRING, FLOAT>");
    assertThat(scored.filter("m['no'] != float(id) OR m['yes'] != float(id % 5)").count()).isZero();
    assertThat(scored.filter("id = 7").first().getJavaMap(1))
        .isEqualTo(Map.of("no", 7f, "yes", 2f));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stringsGoInAndOut(boolean columnar) {
    String model =
        new TestModel()
            .input("s", ElementType.STRING, "N")
            .node("Identity", List.of("s"), List.of("t"))
            .output("t", ElementType.STRING, "N")
            .write(folder, "strings.onnx");
    Dataset<Row> scored =
        (columnar ? columns : rows()).select(col("name"), onnxPredict(model, col("name")).as("t"));
    assertThat(scored.filter("name != t").count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aModelForOneRowRunsRowByRow(boolean columnar) {
    String model =
        new TestModel()
            .input("x", ElementType.FLOAT, 1, 2)
            .longs("shape", new long[] {2}, 1)
            .node("Reshape", List.of("x", "shape"), List.of("flat"))
            .node("Relu", List.of("flat"), List.of("y"))
            .output("y", ElementType.FLOAT, 2)
            .write(folder, "single.onnx");
    Dataset<Row> scored =
        (columnar ? columns : rows())
            .filter("id < 200")
            .select(col("id"), onnxPredict(model, col("xs")).as("y"));
    assertThat(scored.filter("y != array(float(id), float(id % 5))").count()).isZero();
    scored.collectAsList();
    assertThat(Evaluations.metric(scored, "numBatches")).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void rowsMayDifferInADimensionThatTheModelLeavesOpen(boolean columnar) {
    String model =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", "length")
            .node("Relu", List.of("x"), List.of("y"))
            .output("y", ElementType.FLOAT, "N", "length")
            .write(folder, "open.onnx");
    Dataset<Row> ragged =
        (columnar ? columns : rows()).selectExpr("id", "slice(xs, 1, int(id % 3)) v");
    Dataset<Row> scored = ragged.select(col("v"), onnxPredict(model, col("v")).as("y"));
    assertThat(scored.filter("y != v").count()).isZero();
    assertThat(scored.count()).isEqualTo(ROWS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nullFailsTheTaskNamingRowAndColumn(boolean columnar) {
    Dataset<Row> from = withNulls(columnar);
    assertThatThrownBy(() -> from.select(onnxPredict(linear, col("v"), col("id"))).collectAsList())
        .hasMessageMatching(
            ".*linear.onnx'\\), partition 0, row 4321 \\(row \\d+ of the batch\\): "
                + "input x: column v is NULL SQLSTATE: 22000");
  }

  private static Dataset<Row> withNulls(boolean columnar) {
    String path = folder.resolve("nulls" + columnar).toString();
    Dataset<Row> source =
        spark
            .range(0, 5000, 1, 1)
            .selectExpr(
                "id",
                "if(id = 4321, null, float(id)) v",
                "if(id = 4321, array(float(1), null), array(float(1), float(2))) vs",
                "if(id = 4321, array(float(1)), array(float(1), float(2))) ragged",
                "if(id = 4321, 1e300D, 1D) huge");
    source.write().mode("overwrite").parquet(path);
    Dataset<Row> read = spark.read().parquet(path);
    return columnar ? read : read.filter("id >= 0");
  }

  @ParameterizedTest
  @CsvSource({
    "true, vs, 'column vs holds NULL at index 1'",
    "false, vs, 'column vs holds NULL at index 1'",
    "true, ragged, 'column ragged has 1 elements where a row takes 2'",
    "false, ragged, 'column ragged has 1 elements where a row takes 2'",
  })
  void badArraysFailTheTask(boolean columnar, String column, String message) {
    Dataset<Row> from = withNulls(columnar);
    assertThatThrownBy(() -> from.select(onnxPredict(linear, col(column))).collectAsList())
        .hasMessageContaining("row 4321 ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFiniteNumberBeyondFloatFailsTheTask(boolean columnar) {
    Dataset<Row> from = withNulls(columnar);
    assertThatThrownBy(
            () -> from.select(onnxPredict(linear, col("huge"), col("id"))).collectAsList())
        .hasStackTraceContaining("column huge 1.0E300 is beyond the range of float")
        .hasStackTraceContaining("row 4321 ");
  }

  @Test
  void infinityAndNanPass() {
    String model = TestModel.difference().write(folder, "difference.onnx");
    Row row =
        spark
            .sql(
                "SELECT onnx_predict('"
                    + model
                    + "', double('Infinity'), 1) i,"
                    + " onnx_predict('"
                    + model
                    + "', double('NaN'), 1) n")
            .first();
    assertThat(row.getFloat(0)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(row.getFloat(1)).isNaN();
  }

  @Test
  void anUnsignedNumberOutOfRangeFailsTheTask() {
    String model =
        new TestModel()
            .input("u", ElementType.UINT8, "N")
            .node("Identity", List.of("u"), List.of("v"))
            .output("v", ElementType.UINT8, "N")
            .write(folder, "bytes.onnx");
    assertThatThrownBy(
            () -> spark.sql("SELECT onnx_predict('" + model + "', smallint(256))").first())
        .hasStackTraceContaining("256 is beyond the range of uint8");
  }

  @Test
  void twoModelsOverTheSameRowsShareOneNode() {
    String other = TestModel.linear(0f, 1f, 1f).write(folder, "other.onnx");
    Dataset<Row> scored =
        rows()
            .select(
                col("id"),
                onnxPredict(linear, col("a"), col("b")).as("s"),
                onnxPredict(other, col("xs")).as("t"));
    assertThat(scored.filter("t != float(id + id % 5)").count()).isZero();
    scored.collectAsList();
    assertThat(Evaluations.of(scored)).hasSize(1);
    assertThat(Evaluations.of(scored).get(0).calls().size()).isEqualTo(2);
  }

  @Test
  void passedThroughColumnsStayAsTheyAre() {
    Dataset<Row> scored = rows().withColumn("s", onnxPredict(linear, col("xs"))).drop("s");
    Dataset<Row> again =
        rows().withColumn("s", onnxPredict(linear, col("xs"))).filter("s > -1").drop("s");
    SparkSessionExtension.assertFramesEqual(
        scored.orderBy("id").limit(500), again.orderBy("id").limit(500));
  }
}
