package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static io.sparkonnx.spark.functions.tryOnnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.FormattedMode$;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user sees of calls: plans, metrics and descriptions. */
@ExtendWith(SparkSessionExtension.class)
class ExplainTest {
  @TempDir static Path folder;
  private static SparkSession spark;
  private static Dataset<Row> rows;

  @BeforeAll
  static void createTable(SparkSession session) {
    spark = session;
    rows = spark.range(0, 1000, 1, 1).selectExpr("id", "float(id) a", "id b");
  }

  private static String formatted(Dataset<Row> frame) {
    return Evaluations.execution(frame)
        .explainString(FormattedMode$.MODULE$)
        .replaceAll("#\\d+L?", "");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theFormattedPlanShowsModelInputsOutputsDeviceAndBatches(boolean adaptive) {
    spark.conf().set("spark.sql.adaptive.enabled", adaptive);
    try {
      OnnxModel model = OnnxModel.load(TestModel.twoOutputs().write(folder, "two.onnx"));
      OnnxOptions options = OnnxOptions.NONE.outputs("product", "sum").batchSize(500);
      assertThat(formatted(rows.select(tryOnnxPredict(model, options, col("a"), col("b")).as("p"))))
          .contains(
              """
              Input [1]: [id]
              Results [1]: [prediction]
              Call: prediction = try_onnx_predict
                Model: two.onnx, SHA-256 %s
                Input: a float [] a row <- cast(id as float)
                Input: b float [] a row <- id
                Output: product -> FLOAT
                Output: sum -> FLOAT
                Device: cpu (auto: spark.plugins has no OnnxGpuPlugin)
                Batches: up to 500 rows a run and 8 MiB a batch of rows, each row for itself
              """
                  .formatted(model.sha256().substring(0, 12)));
    } finally {
      spark.conf().unset("spark.sql.adaptive.enabled");
    }
  }

  @Test
  void theFormattedPlanTellsWhereNullIsNan() {
    String model = TestModel.twoOutputs().write(folder, "nan.onnx");
    OnnxOptions options = OnnxOptions.NONE.nanForNull(true);
    assertThat(formatted(rows.select(onnxPredict(model, options, col("a"), col("b")))))
        .contains("Input: a float [] a row <- cast(id as float), NULL as NaN\n");
  }

  @Test
  void theFormattedPlanTellsModelsThatRunOtherwise() {
    String single =
        new TestModel()
            .input("x", ElementType.FLOAT, 1, 2)
            .node("ReduceSum", List.of("x"), List.of("s"), "keepdims", 1)
            .node("Sub", List.of("x", "s"), List.of("y"))
            .output("y", ElementType.FLOAT, 1, 2)
            .write(folder, "single.onnx");
    assertThat(formatted(rows.select(onnxPredict(single, col("a"), col("b")))))
        .contains("Input: x float [2] a row <- cast(id as float), id\n")
        .contains("Output: y -> ARRAY<FLOAT>\n")
        .contains("Batches: 1 row a run, since the model fixes its batch at 1\n");
    String mean =
        new TestModel()
            .input("x", ElementType.FLOAT, "N")
            .node("ReduceMean", List.of("x"), List.of("m"), "keepdims", 1)
            .output("m", ElementType.FLOAT, 1)
            .write(folder, "mean.onnx");
    OnnxOptions coupled = OnnxOptions.NONE.batchCoupled(true);
    assertThat(formatted(rows.select(onnxPredict(mean, coupled, col("a")))))
        .contains("Output: m -> FLOAT, the same for all\n")
        .contains("up to 4096 rows a run and 8 MiB a batch of rows, which influence each other\n");
  }

  @Test
  void metricsAreThereForEveryPhase() {
    String linear = TestModel.linear(1f, 2f, 3f).write(folder, "linear.onnx");
    Dataset<Row> scored = rows.select(onnxPredict(linear, col("a"), col("b")));
    scored.collectAsList();
    List.of(
            "numOutputRows",
            "numScoredRows",
            "numBatches",
            "loadTime",
            "convertInTime",
            "waitTime",
            "computeTime",
            "convertOutTime",
            "inputBytes",
            "copiedInBytes",
            "outputBytes",
            "copiedOutBytes",
            "peakScratchBytes")
        .forEach(name -> assertThat(Evaluations.metric(scored, name)).as(name).isPositive());
    assertThat(Evaluations.metric(scored, "numBadRows")).isZero();
    assertThat(Evaluations.of(scored).get(0).metrics().apply("peakScratchBytes").metricType())
        .isEqualTo("size");
  }

  private static String description(String function) {
    return spark.sql("DESCRIBE FUNCTION EXTENDED " + function).collectAsList().stream()
        .map(row -> row.getString(0))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void theFunctionsDescribeThemselves() {
    assertThat(description("onnx_predict"))
        .contains("Function: onnx_predict\n")
        .contains("Usage: onnx_predict(model, input, ...[, options]) - Runs the ONNX model on each")
        .contains("\n    Arguments:\n      * model - a constant string: the location of a model")
        .contains("          batch_coupled: true allows a model whose rows influence each other\n")
        .contains("\n    Examples:\n      > SELECT id, onnx_predict('hdfs:///models/churn.onnx', ")
        .contains(
            "\n    Note:\n      A row that the model cannot take (NULL, a number out of range")
        .contains("Since: 4.2.0");
    assertThat(description("try_onnx_predict"))
        .contains("Function: try_onnx_predict\n")
        .contains("but returns NULL for a row that the model cannot take.")
        .contains("\n    Note:\n      NULL, a number out of range, an array of the wrong length");
    assertThat(spark.sql("SHOW FUNCTIONS LIKE '*onnx_predict'").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("onnx_predict", "try_onnx_predict");
  }
}
