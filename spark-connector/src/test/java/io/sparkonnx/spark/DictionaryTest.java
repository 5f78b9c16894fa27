package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static io.sparkonnx.spark.functions.tryOnnxPredict;
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

/** Strings that Parquet keeps in dictionaries, as inputs of models. */
@ExtendWith(SparkSessionExtension.class)
class DictionaryTest {
  private static final int ROWS = 20_000;

  @TempDir static Path folder;
  private static Dataset<Row> rows;

  @BeforeAll
  static void createTable(SparkSession spark) {
    String path = folder.resolve("rows").toString();
    spark
        .range(0, ROWS, 1, 1)
        .selectExpr(
            "id",
            "concat('é', id % 7) few",
            "concat('𝄞 number ', id % 6000) many",
            "if(id % 5 = 0, null, concat('ü', id % 11)) some",
            "array(concat('a', id % 3), concat('ß', id % 4)) pair")
        .write()
        .parquet(path);
    rows = spark.read().parquet(path);
  }

  private static String identity(int width) {
    return new TestModel()
        .input("x", ElementType.STRING, "N", width)
        .node("Identity", List.of("x"), List.of("y"))
        .output("y", ElementType.STRING, "N", width)
        .write(folder, "identity" + width + ".onnx");
  }

  private static void assertSame(Dataset<Row> scored, String column) {
    assertThat(scored.filter("not (y <=> " + column + ")").count()).isZero();
    assertThat(scored.count()).isEqualTo(ROWS);
  }

  @Test
  void aFewEntriesComeAsTheyAre() {
    assertSame(rows.withColumn("y", onnxPredict(identity(1), col("few"))), "few");
  }

  @Test
  void moreEntriesThanAreKeptComeAsTheyAre() {
    assertSame(rows.withColumn("y", onnxPredict(identity(1), col("many"))), "many");
  }

  @Test
  void nullsBetweenEntriesStayNull() {
    assertSame(rows.withColumn("y", tryOnnxPredict(identity(1), col("some"))), "some");
  }

  @Test
  void arraysOfEntriesComeAsTheyAre() {
    assertSame(rows.withColumn("y", onnxPredict(identity(2), col("pair"))), "pair");
  }

  @Test
  void columnsSideBySideComeAsTheyAre() {
    Dataset<Row> scored = rows.withColumn("y", onnxPredict(identity(2), col("few"), col("many")));
    assertSame(scored, "array(few, many)");
  }
}
