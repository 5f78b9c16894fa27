package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

/** What arguments bind to, and what is refused before anything runs. */
@ExtendWith(SparkSessionExtension.class)
class BindingTest {
  @TempDir static Path models;
  private static SparkSession spark;
  private static String linear;
  private static String difference;

  @BeforeAll
  static void createTable(SparkSession session) {
    spark = session;
    linear = TestModel.linear(1f, 2f, 3f).write(models, "linear.onnx");
    difference = TestModel.difference().write(models, "difference.onnx");
    spark
        .sql(
            "SELECT 5.0D a, 3 b, 'text' s, true f, float(7) x, float(4) y,"
                + " array(1.0D, 2.0D) two, array(array(1.0D), array(2.0D)) nested,"
                + " named_struct('y', float(4), 'x', 7) st, date'2020-01-01' d")
        .createOrReplaceTempView("one");
  }

  private static Object predict(String model, String arguments) {
    return spark
        .sql("SELECT onnx_predict('" + model + "', " + arguments + ") FROM one")
        .first()
        .get(0);
  }

  private static AnalysisException refused(String query) {
    Throwable thrown = catchThrowable(() -> spark.sql(query));
    assertThat(thrown).isInstanceOf(AnalysisException.class);
    return (AnalysisException) thrown;
  }

  private static AnalysisException refusedCall(String model, String arguments) {
    return refused("SELECT onnx_predict('" + model + "', " + arguments + ") FROM one");
  }

  @Test
  void separateArgumentsBindByPosition() {
    assertThat(predict(difference, "a, b")).isEqualTo(2f);
    assertThat(predict(difference, "b, a")).isEqualTo(-2f);
    assertThat(predict(difference, "x, y")).isEqualTo(3f);
  }

  @Test
  void argumentsWithTheInputsNamesInAnotherOrderAreRefused() {
    AnalysisException e = refusedCall(difference, "y, x");
    assertThat(e.getMessage())
        .contains("the columns y, x carry the inputs' names in another order")
        .contains("the model takes x: float [N], y: float [N]");
    assertThat(e.getCondition()).isEqualTo("ONNX_ARGUMENTS");
    assertThat(e.getSqlState()).isEqualTo("42605");
    Dataset<Row> one = spark.table("one");
    assertThatThrownBy(
            () -> one.select(onnxPredict(difference, col("a").as("y"), col("b").as("x"))))
        .hasMessageContaining("another order");
    assertThat(
            one.select(onnxPredict(difference, col("a").as("x"), col("b").as("y"))).first().get(0))
        .isEqualTo(2f);
  }

  @Test
  void namesAreComparedAsTheSessionComparesThem() {
    assertThat(refusedCall(difference, "Y, X").getMessage())
        .contains("the columns Y, X carry the inputs' names in another order");
    assertThat(predict(difference, "X, Y")).isEqualTo(3f);
    spark.conf().set("spark.sql.caseSensitive", "true");
    try {
      String cased = "(SELECT float(7) X, float(4) Y, float(1) x, float(2) y)";
      String call = "SELECT onnx_predict('" + difference + "', %s) FROM " + cased;
      assertThat(spark.sql(call.formatted("Y, X")).first().get(0)).isEqualTo(-3f);
      assertThat(refused(call.formatted("y, x")).getMessage()).contains("another order");
    } finally {
      spark.conf().unset("spark.sql.caseSensitive");
    }
  }

  @Test
  void inputsThatDifferInCaseAloneAreToldApart() {
    String model =
        new TestModel()
            .input("x", ElementType.FLOAT, "N")
            .input("X", ElementType.FLOAT, "N")
            .node("Sub", List.of("x", "X"), List.of("z"))
            .output("z", ElementType.FLOAT, "N")
            .write(models, "cases.onnx");
    assertThat(predict(model, "named_struct('X', a, 'x', b)")).isEqualTo(-2f);
    assertThat(predict(model, "x, y")).isEqualTo(3f);
    assertThat(refusedCall(model, "X, x").getMessage()).contains("another order");
  }

  @Test
  void namedArgumentsAreRefused() {
    assertThat(refusedCall(difference, "x => a, y => b").getMessage())
        .contains(
            "onnx_predict takes no named argument, as x => is;"
                + " inputs bind by name in a struct: named_struct('x', …)");
    assertThat(refused("SELECT try_onnx_predict(model => '" + linear + "', 1)").getCondition())
        .isEqualTo("ONNX_ARGUMENTS");
  }

  @Test
  void theFieldsOfOneStructBindByName() {
    assertThat(predict(difference, "named_struct('y', b, 'x', a)")).isEqualTo(2f);
    assertThat(predict(difference, "struct(y, x)")).isEqualTo(3f);
    assertThat(predict(difference, "st")).isEqualTo(3f);
  }

  @Test
  void structFieldsMustBeTheInputs() {
    assertThat(refusedCall(difference, "named_struct('x', a, 'z', b)").getMessage())
        .contains("the struct has no field y, only x, z");
    assertThat(refusedCall(difference, "named_struct('x', a, 'y', b, 'z', b)").getMessage())
        .contains("the struct's field z is no input of the model");
    assertThat(refusedCall(difference, "named_struct('x', a, 'y', b, 'x', b)").getMessage())
        .contains("the struct has the field x twice");
  }

  @Test
  void oneInputOfManyFeaturesTakesAsManyColumnsOrOneArray() {
    assertThat(predict(linear, "a, b")).isEqualTo(20f);
    assertThat(predict(linear, "two")).isEqualTo(9f);
    assertThat(predict(linear, "named_struct('x', two)")).isEqualTo(9f);
  }

  @Test
  void wrongNumbersOfArguments() {
    assertThat(refusedCall(identity(ElementType.FLOAT, "N"), "a, b").getMessage())
        .contains("input in takes 1 value a row, as one array or as columns, but 2 columns");
    assertThat(refusedCall(linear, "a, b, a").getMessage())
        .contains("input x takes 2 values a row, as one array or as columns, but 3 columns");
    assertThat(refusedCall(difference, "a").getMessage())
        .contains("2 arguments are expected after the model, 1 is given");
    assertThat(refusedCall(difference, "a, b, a").getMessage())
        .contains("2 arguments are expected after the model, 3 are given");
    assertThat(refused("SELECT onnx_predict('" + linear + "')").getMessage())
        .contains("has no arguments after the model");
    assertThat(refused("SELECT onnx_predict()").getMessage()).contains("nothing is given");
  }

  @Test
  void wrongTypes() {
    AnalysisException e = refusedCall(difference, "a, s");
    assertThat(e.getMessage())
        .contains("for input y has type \"STRING\" and must be cast to float".replace("\"", ""))
        .contains("the model takes x: float [N], y: float [N]");
    assertThat(e.getCondition()).isEqualTo("ONNX_ARGUMENT_TYPE");
    assertThat(refusedCall(difference, "a, f").getMessage()).contains("must be cast to float");
    assertThat(refusedCall(difference, "a, d").getMessage()).contains("write unix_date(…)");
    assertThat(refusedCall(difference, "a, null").getMessage()).contains("must be cast to float");
    assertThat(refusedCall(linear, "a, two").getMessage()).contains("is an array among 2 columns");
    assertThat(refusedCall(linear, "a").getMessage())
        .contains("is one value, but a row takes 2 values; give an array or that many columns");
    assertThat(refusedCall(linear, "nested").getMessage())
        .contains("has 2 nested arrays, but a row has 1 dimensions");
  }

  @Test
  void allProblemsOfACallAreSaidAtOnce() {
    AnalysisException e = refusedCall(difference, "s, f");
    assertThat(e.getMessage())
        .contains(": 2 problems: argument one.s for input x has type STRING")
        .contains("; argument one.f for input y has type BOOLEAN and must be cast to float; ")
        .contains("; the model takes x: float [N], y: float [N] and gives z: float [N]");
    assertThat(e.getCondition()).isEqualTo("ONNX_ARGUMENT_TYPE");
    AnalysisException fields = refusedCall(difference, "named_struct('x', s, 'v', a, 'w', b)");
    assertThat(fields.getMessage())
        .contains("4 problems")
        .contains("argument one.s for input x has type STRING")
        .contains("the struct has no field y, only x, v, w")
        .contains("the struct's field v is no input of the model")
        .contains("the struct's field w is no input of the model");
    Dataset<Row> one = spark.table("one");
    assertThatThrownBy(
            () -> one.select(onnxPredict(difference, col("s").as("y"), col("a").as("x"))))
        .hasMessageContaining("2 problems: arguments bind by position")
        .hasMessageContaining("has type STRING");
  }

  @ParameterizedTest
  @CsvSource({
    "INT64, x, 'must be cast to bigint'",
    "INT32, bigint(b), 'must be cast to int'",
    "INT8, b, 'must be cast to tinyint'",
    "STRING, b, 'must be cast to string'",
    "BOOL, b, 'must be cast to boolean'",
  })
  void whatWouldLoseSomethingMustBeCast(ElementType type, String argument, String message) {
    String model = identity(type, "N");
    assertThat(refusedCall(model, argument).getMessage()).contains(message);
  }

  private static String identity(ElementType type, Object... dims) {
    return new TestModel()
        .input("in", type, dims)
        .node("Identity", List.of("in"), List.of("out"))
        .output("out", type, dims)
        .write(models, "identity_" + type + "_" + dims.length + ".onnx");
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT, double(0.1), 0.1, FLOAT",
    "FLOAT, 1.25BD, 1.25, FLOAT",
    "FLOAT, 16777217L, 16777216, FLOAT",
    "DOUBLE, float(0.5), 0.5, DOUBLE",
    "DOUBLE, 1.25, 1.25, DOUBLE",
    "INT64, 3, 3, BIGINT",
    "INT64, tinyint(-3), -3, BIGINT",
    "INT32, smallint(5), 5, INT",
    "INT16, smallint(-5), -5, SMALLINT",
    "INT8, tinyint(-5), -5, TINYINT",
    "UINT8, smallint(255), 255, SMALLINT",
    "UINT16, 65535, 65535, INT",
    "UINT32, 4294967295L, 4294967295, BIGINT",
    "UINT64, 18446744073709551615, 18446744073709551615, 'DECIMAL(20,0)'",
    "UINT64, 7, 7, 'DECIMAL(20,0)'",
    "FLOAT16, 0.5D, 0.5, FLOAT",
    "BFLOAT16, 3, 3, FLOAT",
    "BOOL, true, true, BOOLEAN",
    "STRING, '\"grün\"', grün, STRING",
  })
  void everyElementTypeHasAColumnType(
      ElementType type, String argument, String expected, String sqlType) {
    String query = "SELECT onnx_predict('" + identity(type, "N") + "', " + argument + ") p";
    assertThat(spark.sql(query).schema().apply("p").dataType().sql()).isEqualTo(sqlType);
    assertThat(
            spark
                .sql(
                    "SELECT string(p) = string("
                        + quoted(sqlType, expected)
                        + ") FROM ("
                        + query
                        + ")")
                .first()
                .getBoolean(0))
        .isTrue();
  }

  private static String quoted(String sqlType, String value) {
    return "CAST('" + value + "' AS " + sqlType + ")";
  }

  @Test
  void modelsThatCannotBeRead() throws IOException {
    AnalysisException missing = refusedCall(models.resolve("missing.onnx").toUri().toString(), "a");
    assertThat(missing.getMessage()).contains("missing.onnx does not exist");
    assertThat(missing.getCondition()).isEqualTo("ONNX_MODEL");
    assertThat(refusedCall(models.toUri().toString(), "a").getMessage())
        .contains("is a folder without an MLmodel file");
    assertThat(refusedCall("nosuch://host/m.onnx", "a").getMessage()).contains("cannot be read");
    assertThat(refusedCall("", "a").getMessage()).contains("the model path is empty");
    Path text = Files.writeString(models.resolve("text.onnx"), "this is not a model");
    assertThat(refusedCall(text.toUri().toString(), "a").getCondition()).isEqualTo("ONNX_MODEL");
  }

  @Test
  void unknownOperatorsAreNamed() {
    String model =
        new TestModel()
            .input("x", ElementType.FLOAT, "N")
            .node("Frobnicate", List.of("x"), List.of("y"))
            .output("y", ElementType.FLOAT, "N")
            .write(models, "unknown.onnx");
    assertThat(refusedCall(model, "a").getMessage()).contains("Frobnicate");
  }

  @Test
  void theModelMustBeConstant() {
    AnalysisException e = refused("SELECT onnx_predict(s, a) FROM one");
    assertThat(e.getMessage()).contains("needs the model's path as a constant string, not one.s");
    assertThat(e.getCondition()).isEqualTo("ONNX_MODEL_NOT_CONSTANT");
    assertThat(refused("SELECT onnx_predict(7, a) FROM one").getMessage()).contains("of type INT");
    assertThat(refused("SELECT onnx_predict(null, a) FROM one").getMessage()).contains("of type");
    assertThat(
            spark
                .sql("SELECT onnx_predict(concat('" + linear + "', ''), a, b) FROM one")
                .first()
                .getFloat(0))
        .isEqualTo(20f);
  }

  @Test
  void callsInLambdasAreRefused() {
    assertThat(
            refused("SELECT transform(two, v -> onnx_predict('" + linear + "', v, v)) FROM one")
                .getMessage())
        .contains("onnx_predict cannot be called in a lambda function");
  }

  @Test
  void aLambdaInAnArgumentIsAnArgumentAsAnyOther() {
    String call = "onnx_predict('" + linear + "', ";
    assertThat(
            spark
                .sql("SELECT " + call + "transform(two, v -> v)) = " + call + "two) FROM one")
                .first()
                .getBoolean(0))
        .isTrue();
  }

  @Test
  void callsOverBothSidesOfAnOuterJoinAreRefused() {
    assertThat(
            refused(
                    "SELECT 1 FROM one l LEFT JOIN one r ON onnx_predict('"
                        + difference
                        + "', l.a, r.b) > 0")
                .getMessage())
        .contains("columns of both sides cannot stand in the condition of a LEFT OUTER join");
  }

  @Test
  void rowsThatInfluenceEachOtherAreRefused() {
    String model =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", 2)
            .node("ReduceMean", List.of("x"), List.of("m"), "keepdims", 1)
            .node("Sub", List.of("x", "m"), List.of("y"))
            .output("y", ElementType.FLOAT, "N", 2)
            .write(models, "coupled.onnx");
    assertThat(refusedCall(model, "two").getMessage())
        .contains("the rows of a batch influence each other");
  }

  @Test
  void fixedSizesOtherThanOneRowAreRefused() {
    String model =
        new TestModel()
            .input("x", ElementType.FLOAT, 8, 2)
            .node("Relu", List.of("x"), List.of("y"))
            .output("y", ElementType.FLOAT, 8, 2)
            .write(models, "eight.onnx");
    assertThat(refusedCall(model, "two").getMessage())
        .contains("input x: float [8, 2] has a fixed size that is not one row");
  }

  @Test
  void aHandlePinsTheBytes() throws IOException {
    Path file = Path.of(java.net.URI.create(TestModel.linear(1f, 1f).write(models, "pinned.onnx")));
    OnnxModel model = OnnxModel.load(file.toUri().toString());
    assertThat(model.sha256()).matches("[0-9a-f]{64}");
    assertThat(model.signature().inputs()).hasSize(1);
    assertThat(spark.table("one").select(onnxPredict(model, col("a"))).first().getFloat(0))
        .isEqualTo(6f);
    Files.write(file, TestModel.linear(2f, 1f, 7f).bytes());
    assertThatThrownBy(() -> spark.table("one").select(onnxPredict(model, col("a"))))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining(model.sha256() + " is asked for");
  }

  @Test
  void aHandleOfAMissingModelCannotBeMade() {
    assertThatThrownBy(() -> OnnxModel.load(models.resolve("none.onnx").toString()))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("none.onnx does not exist");
  }

  @Test
  void theFunctionDescribesItself() {
    assertThat(spark.sql("DESCRIBE FUNCTION EXTENDED onnx_predict").collectAsList().toString())
        .contains("Runs the ONNX model on each row")
        .contains("named_struct");
    assertThat(spark.sql("SHOW FUNCTIONS LIKE 'onnx_predict*'").collectAsList()).hasSize(1);
  }

  @Test
  void anOutputOfSeveralRowsForEachRowIsRefused() {
    String halves =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", 4)
            .longs("shape", new long[] {-1, 2}, 2)
            .node("Reshape", List.of("x", "shape"), List.of("y"))
            .output("y", ElementType.FLOAT, "M", 2)
            .write(models, "halves.onnx");
    AnalysisException e = refusedCall(halves, "a, b, a, b");
    assertThat(e.getMessage())
        .contains("has 2 rows for each row of the input; onnx_predict needs one");
    assertThat(e.getCondition()).isEqualTo("ONNX_SIGNATURE");
  }
}
