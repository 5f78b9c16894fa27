package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The models and test rows of {@code demo/}, with the accuracy that training measured. */
@ExtendWith(SparkSessionExtension.class)
class DemoModelsTest {
  private static final Path DEMO = Path.of("..", "demo").toAbsolutePath().normalize();

  private static Dataset<Row> data(SparkSession spark, String name) {
    return spark.read().parquet(DEMO.resolve("data").resolve(name + ".parquet").toString());
  }

  private static String model(String name) {
    return DEMO.resolve("models").resolve(name + ".onnx").toString();
  }

  private static Column[] features(Dataset<Row> rows) {
    return Arrays.stream(rows.columns())
        .filter(name -> !name.equals("id") && !name.equals("label") && !name.equals("diagnosis"))
        .map(org.apache.spark.sql.functions::col)
        .toArray(Column[]::new);
  }

  @Test
  void breastCancerFromThirtyColumns(SparkSession spark) {
    Dataset<Row> rows = data(spark, "breast_cancer");
    Dataset<Row> scored =
        rows.select(col("label"), onnxPredict(model("breast_cancer"), features(rows)).as("p"));
    assertThat(scored.schema().apply("p").dataType().simpleString())
        .isEqualTo("struct<label:bigint,probabilities:array<float>>");
    assertThat(scored.filter("p.label = label").count()).isEqualTo(167);
    assertThat(scored.filter("abs(p.probabilities[0] + p.probabilities[1] - 1) > 1e-5").count())
        .isZero();
  }

  @Test
  void digitsFromAFlatArray(SparkSession spark) {
    Dataset<Row> scored =
        data(spark, "digits")
            .select(col("label"), onnxPredict(model("digits"), col("image")).as("p"))
            .selectExpr("label", "array_position(p, array_max(p)) - 1 AS digit");
    assertThat(scored.filter("digit = label").count()).isEqualTo(492);
    assertThat(scored.count()).isEqualTo(500);
  }

  @Test
  void digitsInSql(SparkSession spark) {
    data(spark, "digits").createOrReplaceTempView("digits");
    long nines =
        spark
            .sql(
                "SELECT id FROM digits WHERE onnx_predict('"
                    + model("digits")
                    + "', named_struct('image', image))[9] > 0.5")
            .count();
    assertThat(nines).isBetween(40L, 60L);
  }
}
