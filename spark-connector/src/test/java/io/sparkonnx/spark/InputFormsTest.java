package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static io.sparkonnx.spark.functions.tryOnnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.exec.VectorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns that hold a row's elements in other ways than arrays and numbers. */
@ExtendWith(SparkSessionExtension.class)
class InputFormsTest {
  private static final int ROWS = 3000;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static String linear;
  private static Dataset<Row> columns;

  @BeforeAll
  static void writeTable(SparkSession session) {
    spark = session;
    linear = TestModel.linear(1f, 2f, 3f).write(folder, "linear.onnx");
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      ByteBuffer raw = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      raw.putFloat(i).putFloat(i % 5);
      VectorType.Vector vector =
          i % 2 == 0
              ? new VectorType.Vector((byte) 1, null, null, new double[] {i, i % 5})
              : new VectorType.Vector((byte) 0, 2, new int[] {0}, new double[] {i});
      byte[] short4 = i == 1234 ? new byte[4] : raw.array();
      rows.add(RowFactory.create(i, vector, raw.array(), short4));
    }
    String path = folder.resolve("forms").toString();
    spark
        .createDataFrame(
            rows,
            DataTypes.createStructType(
                new StructField[] {
                  DataTypes.createStructField("id", DataTypes.IntegerType, false),
                  DataTypes.createStructField("vector", new VectorType(), true),
                  DataTypes.createStructField("raw", DataTypes.BinaryType, true),
                  DataTypes.createStructField("cut", DataTypes.BinaryType, true)
                }))
        .repartition(1)
        .sortWithinPartitions("id")
        .write()
        .parquet(path);
    columns = spark.read().parquet(path);
  }

  private static Dataset<Row> from(boolean columnar) {
    return columnar ? columns : columns.filter("id >= 0");
  }

  private static Dataset<Row> scored(boolean columnar, String column) {
    Dataset<Row> scored =
        from(columnar).select(col("id"), onnxPredict(linear, col(column)).as("s"));
    scored.collectAsList();
    assertThat(Evaluations.of(scored).get(0).supportsColumnar()).isEqualTo(columnar);
    return scored;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void vectorsOfSparkMlAreDenseOrSparse(boolean columnar) {
    Dataset<Row> scored = scored(columnar, "vector");
    String expected = "1 + 2 * float(id) + if(id % 2 = 0, 3 * float(id % 5), 0)";
    assertThat(scored.filter("s = " + expected).count()).isEqualTo(ROWS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void binaryIsATensorsBytes(boolean columnar) {
    Dataset<Row> scored = scored(columnar, "raw");
    assertThat(scored.filter("s = 1 + 2 * float(id) + 3 * float(id % 5)").count()).isEqualTo(ROWS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bytesOfAnotherLengthNameTheirRow(boolean columnar) {
    assertThatThrownBy(() -> scored(columnar, "cut"))
        .hasMessageContaining("row 1234 ")
        .hasMessageContaining("input x: column cut has 4 bytes where a row takes 2 elements of 4");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tryGivesNullForBytesOfAnotherLength(boolean columnar) {
    Dataset<Row> scored =
        from(columnar).select(col("id"), tryOnnxPredict(linear, col("cut")).as("s"));
    assertThat(scored.filter("s IS NULL").collectAsList())
        .containsExactly(RowFactory.create(1234, null));
    assertThat(scored.filter("s = 1 + 2 * float(id) + 3 * float(id % 5)").count())
        .isEqualTo(ROWS - 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nullIsNanWhereTheOptionSaysSo(boolean columnar) {
    String model =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", 2)
            .node("IsNaN", List.of("x"), List.of("y"))
            .output("y", ElementType.BOOL, "N", 2)
            .write(folder, "nan.onnx");
    String path = folder.resolve("nan" + columnar).toString();
    columns
        .selectExpr("id", "if(id % 3 = 0, null, double(id)) v", "id w")
        .selectExpr("*", "array(v, float(w)) vs")
        .write()
        .parquet(path);
    Dataset<Row> read = spark.read().parquet(path);
    Dataset<Row> from = columnar ? read : read.filter("id >= 0");
    OnnxOptions nan = OnnxOptions.NONE.nanForNull(true);
    Dataset<Row> scored =
        from.select(
            col("id"),
            onnxPredict(model, nan, col("v"), col("w")).as("a"),
            onnxPredict(model, nan, col("vs")).as("b"));
    assertThat(scored.filter("a = array(id % 3 = 0, false) AND b = a").count()).isEqualTo(ROWS);
  }

  @Test
  void vectorsAndBytesThatCannotFitAreRefused() {
    String integers =
        new TestModel()
            .input("x", ElementType.INT64, "N", 2)
            .node("Identity", List.of("x"), List.of("y"))
            .output("y", ElementType.INT64, "N", 2)
            .write(folder, "integers.onnx");
    assertThatThrownBy(() -> columns.select(onnxPredict(integers, col("vector"))))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("argument vector for input x")
        .hasMessageContaining("is a vector of doubles; write vector_to_array(…)");
    assertThatThrownBy(() -> columns.select(onnxPredict(linear, col("vector"), col("id"))))
        .hasMessageContaining("is a vector among 2 columns that are put together");
    assertThatThrownBy(() -> columns.select(onnxPredict(linear, col("raw"), col("id"))))
        .hasMessageContaining("is a tensor's bytes among 2 columns that are put together");
    String open =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", "a", "b")
            .node("Relu", List.of("x"), List.of("y"))
            .output("y", ElementType.FLOAT, "N", "a", "b")
            .write(folder, "open.onnx");
    assertThatThrownBy(() -> columns.select(onnxPredict(open, col("raw"))))
        .hasMessageContaining("cannot say the 2 dimensions that the model leaves open");
  }

  @Test
  void anImageIsReferredToItsFunction() {
    String image =
        "named_struct('origin', '', 'height', 1, 'width', 1, 'nChannels', 3, 'mode', 16,"
            + " 'data', X'010203')";
    assertThatThrownBy(() -> spark.sql("SELECT onnx_predict('" + linear + "', " + image + ")"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("for input x has type STRUCT<origin: STRING")
        .hasMessageContaining("an image; write onnx_image(…, height, width, layout, mean, std)");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneNamedOutputIsAField(boolean columnar) {
    String model = TestModel.twoOutputs().write(folder, "two.onnx");
    Dataset<Row> sql =
        from(columnar).selectExpr("id", "onnx_predict('" + model + "', id, 2).product AS product");
    assertThat(sql.schema().apply("product").dataType()).isEqualTo(DataTypes.FloatType);
    assertThat(sql.filter("product = 2 * id").count()).isEqualTo(ROWS);
    Dataset<Row> java =
        from(columnar)
            .select(col("id"), onnxPredict(model, col("id"), col("id")).getField("sum").as("sum"));
    assertThat(java.filter("sum = 2 * id").count()).isEqualTo(ROWS);
    assertThatThrownBy(() -> columns.selectExpr("onnx_predict('" + model + "', id, 2).quotient"))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("No such struct field `quotient` in `sum`, `product`");
  }
}
