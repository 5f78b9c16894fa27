package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static io.sparkonnx.spark.functions.tryOnnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkonnx.engine.tensor.ElementType;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options of a call: what they do, how they are told from inputs, and what is refused. */
@ExtendWith(SparkSessionExtension.class)
class OptionsTest {
  private static final String KEYS =
      "the options are batch_size, device, threads, nan_for_null, outputs, batch_coupled, padding,"
          + " with_errors";

  @TempDir static Path folder;
  private static SparkSession spark;
  private static String linear;
  private static String two;
  private static String centred;

  @BeforeAll
  static void createTable(SparkSession session) {
    spark = session;
    linear = TestModel.linear(1f, 2f, 3f).write(folder, "linear.onnx");
    two = TestModel.twoOutputs().write(folder, "two.onnx");
    centred =
        new TestModel()
            .input("x", ElementType.FLOAT, "N")
            .node("ReduceMean", List.of("x"), List.of("m"), "keepdims", 1)
            .node("Sub", List.of("x", "m"), List.of("y"))
            .output("y", ElementType.FLOAT, "N")
            .output("m", ElementType.FLOAT, 1)
            .write(folder, "centred.onnx");
    spark.range(0, 100, 1, 1).selectExpr("id", "float(id) a", "id b").createOrReplaceTempView("h");
  }

  private static Dataset<Row> predict(String model, String arguments) {
    return spark.sql("SELECT onnx_predict('" + model + "', " + arguments + ") p FROM h");
  }

  private static AnalysisException refused(String query) {
    Throwable thrown = catchThrowable(() -> spark.sql(query));
    assertThat(thrown).isInstanceOf(AnalysisException.class);
    return (AnalysisException) thrown;
  }

  private static AnalysisException refusedCall(String model, String arguments) {
    return refused("SELECT onnx_predict('" + model + "', " + arguments + ") FROM h");
  }

  @ParameterizedTest
  @CsvSource({"7, 15", "1, 100", "100, 2", "1000000, 2"})
  void theBatchSizeOfACallGoesBeforeTheSessions(int batchSize, int batches) {
    spark.conf().set(OnnxConf.BATCH_SIZE, 50);
    try {
      Dataset<Row> scored = predict(linear, "a, b, named_struct('batch_size', " + batchSize + ")");
      assertThat(scored.filter("p IS NULL").count()).isZero();
      scored.collectAsList();
      assertThat(Evaluations.metric(scored, "numBatches")).isEqualTo(batches);
    } finally {
      spark.conf().unset(OnnxConf.BATCH_SIZE);
    }
  }

  @Test
  void aCallKeepsTheNanForNullThatTheSessionHadWhenItWasAnalyzed() {
    String query = "SELECT try_onnx_predict('" + linear + "', float(NULL), b) p FROM h LIMIT 1";
    Dataset<Row> before = spark.sql(query);
    spark.conf().set(OnnxConf.NAN_FOR_NULL, "true");
    Dataset<Row> set = spark.sql(query);
    try {
      assertThat(before.first().isNullAt(0)).isTrue();
      assertThat(set.first().get(0)).isEqualTo(Float.NaN);
    } finally {
      spark.conf().unset(OnnxConf.NAN_FOR_NULL);
    }
    assertThat(set.selectExpr("isnan(p)").first().getBoolean(0)).isTrue();
  }

  @Test
  void theNanForNullOfACallGoesBeforeTheSessions() {
    spark.conf().set(OnnxConf.NAN_FOR_NULL, "true");
    try {
      String options = "named_struct('nan_for_null', false)";
      assertThatThrownBy(() -> predict(linear, "float(NULL), b, " + options).collectAsList())
          .hasMessageContaining("[ONNX_BAD_ROW]");
    } finally {
      spark.conf().unset(OnnxConf.NAN_FOR_NULL);
    }
  }

  @Test
  void oneOutputIsReturnedAsItIs() {
    Dataset<Row> scored = predict(two, "a, b, named_struct('outputs', 'product')");
    assertThat(scored.schema().apply("p").dataType().sql()).isEqualTo("FLOAT");
    assertThat(scored.collectAsList().get(9).getFloat(0)).isEqualTo(81f);
    assertThat(
            predict(two, "a, b, named_struct('outputs', array('sum'))")
                .collectAsList()
                .get(9)
                .getFloat(0))
        .isEqualTo(18f);
  }

  @Test
  void severalOutputsAreReturnedInTheOrderAskedFor() {
    Dataset<Row> scored = predict(two, "a, b, named_struct('outputs', array('product', 'sum'))");
    assertThat(scored.schema().apply("p").dataType().sql())
        .isEqualTo("STRUCT<product: FLOAT NOT NULL, sum: FLOAT NOT NULL>");
    assertThat(scored.selectExpr("p.*").collectAsList().get(9).toString()).isEqualTo("[81.0,18.0]");
  }

  @Test
  void optionsStandBesideInputsThatBindByName() {
    Dataset<Row> scored =
        predict(two, "named_struct('b', b, 'a', a), named_struct('outputs', 'sum')");
    assertThat(scored.collectAsList().get(3).getFloat(0)).isEqualTo(6f);
  }

  @Test
  void aSingleStructIsTheInputsEvenWhereAnInputIsCalledLikeAnOption() {
    String model =
        new TestModel()
            .input("threads", ElementType.FLOAT, "N")
            .node("Neg", List.of("threads"), List.of("y"))
            .output("y", ElementType.FLOAT, "N")
            .write(folder, "threads.onnx");
    assertThat(predict(model, "named_struct('threads', 5)").first().getFloat(0)).isEqualTo(-5f);
    assertThat(
            predict(model, "named_struct('threads', 5), named_struct('threads', 1)")
                .first()
                .getFloat(0))
        .isEqualTo(-5f);
  }

  @Test
  void optionsWithoutInputsAreNotTakenForInputs() {
    AnalysisException e = refusedCall(linear, "named_struct('batch_size', 7)");
    assertThat(e.getMessage()).contains("has options but no arguments for the model's inputs");
    assertThat(e.getCondition()).isEqualTo("ONNX_ARGUMENTS");
  }

  @Test
  void anUnknownOptionIsRefusedWithAllThatExist() {
    AnalysisException e = refusedCall(linear, "a, b, named_struct('batchsize', 7)");
    assertThat(e.getMessage()).contains("onnx_predict: there is no option batchsize; " + KEYS);
    assertThat(e.getCondition()).isEqualTo("ONNX_OPTIONS");
    assertThat(e.getSqlState()).isEqualTo("42616");
    assertThat(refusedCall(linear, "a, b, named_struct('threads', 1, 'threads', 1)").getMessage())
        .contains("option threads is given twice; " + KEYS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'batch_size', 0 | batch_size is 0 of type INT; it takes a whole number of rows from 1 to",
        "'batch_size', -4L | batch_size is -4 of type BIGINT; it takes a whole number of rows",
        "'batch_size', 3000000000 | batch_size is 3000000000 of type BIGINT; it takes a whole",
        "'batch_size', 1.5 | batch_size is 1.5 of type DECIMAL(2,1); it takes a whole number",
        "'batch_size', '64' | batch_size is 64 of type STRING; it takes a whole number of rows",
        "'batch_size', null | batch_size is NULL; it takes a whole number of rows",
        "'device', 'tpu' | device is tpu of type STRING; it takes 'cpu', 'gpu' or 'auto'",
        "'device', 1 | device is 1 of type INT; it takes 'cpu', 'gpu' or 'auto'",
        "'threads', 0 | threads is 0 of type INT; it takes a whole number from 1 to spark.task.cpus",
        "'threads', 2 | threads is 2, but a task has 1 core, which spark.task.cpus sets for",
        "'nan_for_null', 'yes' | nan_for_null is yes of type STRING; it takes true or false",
        "'batch_coupled', 1 | batch_coupled is 1 of type INT; it takes true or false",
        "'padding', 'all' | padding is all of type STRING; it takes 'none' or 'mask'",
        "'with_errors', true | with_errors is true of type BOOLEAN; it takes false, or true in try_",
        "'padding', true | padding is true of type BOOLEAN; it takes 'none' or 'mask'",
        "'outputs', 5 | outputs is 5 of type INT; it takes the name of an output or an array",
        "'outputs', array(1) | outputs is [1] of type ARRAY<INT>; it takes the name of an output",
        "'outputs', array('y', 'y') | outputs is [y, y] of type ARRAY<STRING>; it takes the name",
        "'outputs', array() | outputs is [] of type ARRAY<VOID>; it takes the name of an output",
      })
  void aValueThatAnOptionDoesNotTakeIsRefused(String option, String message) {
    AnalysisException e = refusedCall(linear, "a, b, named_struct(" + option + ")");
    assertThat(e.getMessage()).contains("onnx_predict: option " + message);
    assertThat(e.getCondition()).isEqualTo("ONNX_OPTIONS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'device', 'auto'", "'device', 'CPU'", "'threads', 1", "'threads', 1L"})
  void valuesThatTheEngineHasAreTaken(String option) {
    assertThat(predict(linear, "a, b, named_struct(" + option + ")").first().getFloat(0))
        .isEqualTo(1f);
  }

  @Test
  void anOutputThatTheModelLacksIsRefusedWithItsOutputs() {
    assertThat(refusedCall(two, "a, b, named_struct('outputs', 'total')").getMessage())
        .contains(
            "onnx_predict: option outputs asks for total, which is no output; the model gives"
                + " sum: float [N], product: float [N]");
  }

  @Test
  void optionsMustBeAConstantStruct() {
    assertThat(refusedCall(linear, "a, b, named_struct('batch_size', b)").getMessage())
        .contains("options must be constants, not named_struct('batch_size', h.b); " + KEYS);
    assertThat(refusedCall(linear, "a, b, map('batch_size', 7)").getMessage())
        .contains("options are given as named_struct('batch_size', 64, …), not a map; " + KEYS);
    assertThat(refusedCall(linear, "a, b, if(true, null, named_struct('threads', 1))").getMessage())
        .contains("the options are NULL; " + KEYS);
  }

  @Test
  void theJavaOptionsAreTheSqlOptions() {
    OnnxOptions options =
        OnnxOptions.NONE
            .batchSize(7)
            .device("cpu")
            .threads(1)
            .nanForNull(false)
            .outputs("product", "sum")
            .batchCoupled(false)
            .padding("none");
    Dataset<Row> scored =
        spark.table("h").select(onnxPredict(two, options, col("a"), col("b")).as("p"));
    assertThat(scored.selectExpr("p.*").collectAsList().get(9).toString()).isEqualTo("[81.0,18.0]");
    scored.collectAsList();
    assertThat(Evaluations.metric(scored, "numBatches")).isEqualTo(15);
    OnnxModel handle = OnnxModel.load(two);
    OnnxOptions product = OnnxOptions.NONE.outputs("product");
    Dataset<Row> pinned =
        spark
            .table("h")
            .select(
                onnxPredict(handle, product, col("a"), col("b")),
                tryOnnxPredict(handle, product, col("a"), col("b")),
                tryOnnxPredict(two, product, col("a"), col("b")),
                tryOnnxPredict(two, OnnxOptions.NONE, col("a"), col("b")).getField("product"));
    assertThat(pinned.collectAsList().get(9).toString()).isEqualTo("[81.0,81.0,81.0,81.0]");
  }

  @Test
  void aCoupledModelNeedsTheOptionThatAcceptsIt() {
    AnalysisException e = refusedCall(centred, "a");
    assertThat(e.getMessage())
        .contains("the rows of a batch influence each other: ")
        .contains("the option batch_coupled = true accepts results that depend on the batch");
    assertThat(e.getCondition()).isEqualTo("ONNX_SIGNATURE");
    assertThat(refusedCall(centred, "a, named_struct('batch_coupled', false)").getMessage())
        .contains("influence each other");
  }

  @Test
  void aCoupledModelRunsOnWholeBatches() {
    Dataset<Row> scored =
        predict(centred, "a, named_struct('batch_coupled', true, 'batch_size', 10)");
    List<Row> rows = scored.selectExpr("p.y", "p.m").collectAsList();
    for (int row = 0; row < 100; row++) {
      assertThat(rows.get(row).getFloat(0)).as("row %s", row).isEqualTo(row % 10 - 4.5f);
      assertThat(rows.get(row).getFloat(1)).isEqualTo(row / 10 * 10 + 4.5f);
    }
  }

  @Test
  void aResultOfOtherRowsThanItsBatchFailsTheTask() {
    String positive =
        new TestModel()
            .input("x", ElementType.FLOAT, "N")
            .floats("zero", new float[] {0}, 1)
            .node("Greater", List.of("x", "zero"), List.of("above"))
            .node("Compress", List.of("x", "above"), List.of("y"), "axis", 0)
            .output("y", ElementType.FLOAT, "M")
            .write(folder, "positive.onnx");
    String call = "onnx_predict('" + positive + "', v, named_struct('batch_coupled', true))";
    Dataset<Row> scored = spark.sql("SELECT " + call + " FROM (SELECT explode(array(1f, -1f)) v)");
    assertThatThrownBy(scored::collectAsList)
        .isInstanceOfSatisfying(
            SparkThrowable.class,
            e -> {
              assertThat(e.getCondition()).isEqualTo("ONNX_RUN");
              assertThat(e.getSqlState()).isEqualTo("39000");
            })
        .hasMessage(
            "[ONNX_RUN] onnx_predict('"
                + positive
                + "'): output y has 1 rows for 2 rows of input SQLSTATE: 39000");
  }

  @Test
  void aBadRowCannotBeFoundInACoupledBatch() {
    assertThat(
            refused(
                    "SELECT try_onnx_predict('"
                        + centred
                        + "', a, named_struct('batch_coupled', true)) FROM h")
                .getMessage())
        .contains("a bad row cannot be told from the others of its batch")
        .contains("onnx_predict takes the option batch_coupled = true");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void optionsAreTheSameUnderAnsiOrNot(boolean ansi) {
    spark.conf().set("spark.sql.ansi.enabled", ansi);
    try {
      String options = "named_struct('device', 'cpu', 'batch_size', 64, 'outputs', 'sum')";
      assertThat(predict(two, "a, b, " + options).collectAsList()).hasSize(100);
    } finally {
      spark.conf().unset("spark.sql.ansi.enabled");
    }
  }
}
