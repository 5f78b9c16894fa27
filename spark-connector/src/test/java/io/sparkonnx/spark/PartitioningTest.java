package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same row scores the same bits, however the rows are cut into partitions and batches. */
@ExtendWith(SparkSessionExtension.class)
class PartitioningTest {
  private static final Path DEMO = Path.of("..", "demo").toAbsolutePath().normalize();

  @AfterEach
  void resetBatchSize() {
    SparkSessionExtension.session().conf().unset(OnnxConf.BATCH_SIZE);
  }

  private static List<Row> scores(Dataset<Row> scored) {
    return scored.orderBy("id").collectAsList();
  }

  private static Dataset<Row> digits(SparkSession spark) {
    return spark.read().parquet(DEMO.resolve("data/digits.parquet").toString());
  }

  private static Dataset<Row> scoredDigits(Dataset<Row> rows) {
    String model = DEMO.resolve("models/digits.onnx").toString();
    return rows.select(col("id"), onnxPredict(model, col("image")).as("p"));
  }

  private static Dataset<Row> patients(SparkSession spark) {
    return spark.read().parquet(DEMO.resolve("data/breast_cancer.parquet").toString());
  }

  private static Dataset<Row> scoredPatients(Dataset<Row> rows) {
    String model = DEMO.resolve("models/breast_cancer.onnx").toString();
    Column[] features =
        Arrays.stream(rows.columns()).skip(1).limit(30).map(rows::col).toArray(Column[]::new);
    return rows.select(col("id"), onnxPredict(model, features).as("p"));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 7", "3, 64", "3, 4096", "8, 1", "8, 7", "8, 4096"})
  void digitsScoreTheSame(int partitions, int batchSize, SparkSession spark) {
    List<Row> expected = scores(scoredDigits(digits(spark)));
    spark.conf().set(OnnxConf.BATCH_SIZE, String.valueOf(batchSize));
    Dataset<Row> cut = digits(spark).repartition(partitions);
    assertThat(cut.rdd().getNumPartitions()).isEqualTo(partitions);
    assertThat(scores(scoredDigits(cut))).hasSize(500).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 7", "3, 64", "8, 1", "8, 4096"})
  void patientsScoreTheSame(int partitions, int batchSize, SparkSession spark) {
    List<Row> expected = scores(scoredPatients(patients(spark)));
    spark.conf().set(OnnxConf.BATCH_SIZE, String.valueOf(batchSize));
    Dataset<Row> cut = patients(spark).repartition(partitions);
    assertThat(scores(scoredPatients(cut))).hasSize(171).isEqualTo(expected);
  }
}
