package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static io.sparkonnx.spark.functions.tryOnnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sparkonnx.engine.tensor.ElementType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.FormattedMode$;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of different lengths: which share a run, and what padding under a mask does. */
@ExtendWith(SparkSessionExtension.class)
class RaggedRowsTest {
  private static final int ROWS = 1_000;
  private static final int WORDS = 50;
  private static final int WIDTH = 16;
  private static final OnnxOptions MASK = OnnxOptions.NONE.padding("mask");

  @TempDir static Path folder;
  private static SparkSession spark;
  private static Dataset<Row> columns;
  private static String rounded;
  private static String attention;

  /**
   * Lengths 0 to 4 in turn ({@code few}), 1 to 40 ({@code ids}); masks of ones but for each 5th.
   */
  @BeforeAll
  static void createTable(SparkSession session) {
    spark = session;
    rounded =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", "length")
            .node("Abs", List.of("x"), List.of("y"))
            .node("ReduceSum", List.of("y", "axis"), List.of("s"), "keepdims", 0)
            .longs("axis", new long[] {1}, 1)
            .output("y", ElementType.FLOAT, "N", "length")
            .output("s", ElementType.FLOAT, "N")
            .write(folder, "open.onnx");
    attention = attention().write(folder, "attention.onnx");
    String path = folder.resolve("rows").toString();
    spark
        .range(0, ROWS, 1, 1)
        .selectExpr("id", "int(id % 5) n", "int(id * 7 % 40 + 1) m")
        .selectExpr(
            "id",
            "n",
            "m",
            "transform(sequence(0, n), i -> float(-id - i)) longer",
            "transform(sequence(1, m), i -> bigint((id * 31 + i * 17) % 50)) ids",
            "transform(sequence(1, m), i -> bigint(if(i % 5 = 0, 0, 1))) mask")
        .selectExpr("*", "slice(longer, 1, n) few")
        .write()
        .parquet(path);
    columns = spark.read().parquet(path);
  }

  /** Scores [N, length, 16] and their masked mean [N, 16] of embedded words under attention. */
  private static TestModel attention() {
    return new TestModel()
        .input("ids", ElementType.INT64, "N", "length")
        .input("attention_mask", ElementType.INT64, "N", "length")
        .floats("words", normal(1, WORDS * WIDTH), WORDS, WIDTH)
        .floats("wq", normal(2, WIDTH * WIDTH), WIDTH, WIDTH)
        .floats("wk", normal(3, WIDTH * WIDTH), WIDTH, WIDTH)
        .floats("one", new float[] {1f}, 1)
        .floats("far", new float[] {-10_000f}, 1)
        .longs("axis1", new long[] {1}, 1)
        .longs("axis2", new long[] {2}, 1)
        .node("Gather", List.of("words", "ids"), List.of("e"))
        .node("MatMul", List.of("e", "wq"), List.of("q"))
        .node("MatMul", List.of("e", "wk"), List.of("k"))
        .node("Transpose", List.of("k"), List.of("kt"), "perm", List.of(0, 2, 1))
        .node("MatMul", List.of("q", "kt"), List.of("qk"))
        .node("Cast", List.of("attention_mask"), List.of("m"), "to", 1)
        .node("Sub", List.of("one", "m"), List.of("hidden"))
        .node("Mul", List.of("hidden", "far"), List.of("low"))
        .node("Unsqueeze", List.of("low", "axis1"), List.of("bias"))
        .node("Add", List.of("qk", "bias"), List.of("scores"))
        .node("Softmax", List.of("scores"), List.of("p"), "axis", 2)
        .node("MatMul", List.of("p", "e"), List.of("h"))
        .node("Unsqueeze", List.of("m", "axis2"), List.of("mm"))
        .node("Mul", List.of("h", "mm"), List.of("hm"))
        .node("ReduceSum", List.of("hm", "axis1"), List.of("sum"), "keepdims", 0)
        .node("ReduceSum", List.of("m", "axis1"), List.of("count"), "keepdims", 1)
        .node("Div", List.of("sum", "count"), List.of("mean"))
        .output("h", ElementType.FLOAT, "N", "length", WIDTH)
        .output("mean", ElementType.FLOAT, "N", WIDTH);
  }

  private static float[] normal(long seed, int count) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (0.5 * random.nextGaussian());
    }
    return values;
  }

  private static Dataset<Row> rows(boolean columnar) {
    return columnar ? columns : columns.filter("id >= 0");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void fiveLengthsInTurnMakeFiveRunsABatch(boolean columnar) {
    Dataset<Row> scored =
        rows(columnar).select(col("few"), col("id"), onnxPredict(rounded, col("few")).as("p"));
    List<Row> result = scored.selectExpr("few", "p.y", "p.s", "id").collectAsList();
    assertThat(result).hasSize(ROWS);
    for (int row = 0; row < ROWS; row++) {
      List<Float> expected = result.get(row).<Float>getList(0).stream().map(Math::abs).toList();
      assertThat(result.get(row).getLong(3)).isEqualTo(row);
      assertThat(result.get(row).getList(1)).isEqualTo(expected);
      double sum = expected.stream().mapToDouble(x -> x).sum();
      assertThat((double) result.get(row).getFloat(2)).isEqualTo(sum);
    }
    scored.collectAsList();
    assertThat(Evaluations.metric(scored, "numBatches")).isBetween(5L, 4 * 5L);
    assertThat(Evaluations.metric(scored, "numPaddedElements")).isZero();
  }

  private static Map<Long, List<Object>> scores(Dataset<Row> from, OnnxOptions options) {
    Map<Long, List<Object>> scores = new HashMap<>();
    from.select(col("id"), onnxPredict(attention, options, col("ids"), col("mask")).as("p"))
        .selectExpr("id", "p.h", "p.mean")
        .collectAsList()
        .forEach(row -> scores.put(row.getLong(0), List.of(row.getList(1), row.getList(2))));
    return scores;
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "mask"})
  void aRowHasTheSameBitsInAnyBatchAndPartition(String padding) {
    OnnxOptions options = OnnxOptions.NONE.padding(padding);
    Map<Long, List<Object>> whole = scores(columns, options);
    assertThat(whole).hasSize(ROWS);
    assertThat(scores(columns, options.batchSize(1))).isEqualTo(whole);
    assertThat(scores(columns, options.batchSize(Integer.MAX_VALUE))).isEqualTo(whole);
    assertThat(scores(rows(false), options.batchSize(7))).isEqualTo(whole);
    assertThat(scores(columns.repartition(3), options)).isEqualTo(whole);
    assertThat(scores(columns.orderBy(col("m")), options)).isEqualTo(whole);
    assertThat(scores(columns.filter("id % 13 = 5"), options))
        .allSatisfy((id, score) -> assertThat(score).isEqualTo(whole.get(id)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void paddingChangesNoMoreThanTheLastBits(boolean columnar) {
    Map<Long, List<Object>> own = scores(rows(columnar), OnnxOptions.NONE);
    Map<Long, List<Object>> padded = scores(rows(columnar), MASK);
    assertThat(padded).hasSameSizeAs(own);
    padded.forEach((id, score) -> assertClose(score, own.get(id)));
  }

  private static void assertClose(Object actual, Object expected) {
    if (expected instanceof Float number) {
      assertThat((Float) actual).isCloseTo(number, within(1e-5f));
      return;
    }
    List<?> left = list(actual);
    List<?> right = list(expected);
    assertThat(left).hasSameSizeAs(right);
    for (int i = 0; i < right.size(); i++) {
      assertClose(left.get(i), right.get(i));
    }
  }

  private static List<?> list(Object value) {
    if (value instanceof Row struct) {
      return IntStream.range(0, struct.length()).mapToObj(struct::get).toList();
    }
    return value instanceof scala.collection.Seq<?> sequence
        ? scala.jdk.javaapi.CollectionConverters.asJava(sequence)
        : (List<?>) value;
  }

  @ParameterizedTest
  @CsvSource({"bert_toy, 'ids, types, mask'", "tinybert_tribuo, 'ids, mask, types'"})
  void realModelsGivePaddedRowsTheScoresOfTheirOwnLength(String name, String arguments) {
    String root = System.getProperty("sparkonnx.conformance", "");
    assumeFalse(root.isEmpty(), "no ONNX test data: -Dsparkonnx.conformance names its folder");
    String path = Path.of(root, "models", name, "model.onnx").toUri().toString();
    Column[] inputs =
        Arrays.stream(arguments.split(", ")).map(functions::col).toArray(Column[]::new);
    String types = "transform(ids, i -> bigint(i % 2)) types";
    Dataset<Row> from =
        columns
            .filter("id < 120")
            .selectExpr("id", "transform(ids, i -> i % 20) ids", "mask", types);
    Dataset<Row> own = from.select(onnxPredict(path, inputs).as("p"));
    Dataset<Row> padded = from.select(onnxPredict(path, MASK, inputs).as("p"));
    List<Row> expected = own.collectAsList();
    List<Row> actual = padded.collectAsList();
    assertThat(actual).hasSameSizeAs(expected);
    for (int row = 0; row < expected.size(); row++) {
      assertClose(actual.get(row).get(0), expected.get(row).get(0));
    }
    assertThat(Evaluations.metric(padded, "paddingWaste")).isPositive();
    assertThat(Evaluations.metric(padded, "numBatches"))
        .isLessThan(Evaluations.metric(own, "numBatches"));
  }

  /** Batches of 64, 256 and 680 rows have five lengths each. */
  @Test
  void paddingMakesFewerRunsAndIsCounted() {
    Dataset<Row> own =
        columns.select(onnxPredict(attention, OnnxOptions.NONE, col("ids"), col("mask")).as("p"));
    own.collectAsList();
    assertThat(Evaluations.metric(own, "numBatches")).isGreaterThanOrEqualTo(40);
    Dataset<Row> padded =
        columns.select(onnxPredict(attention, MASK, col("ids"), col("mask")).as("p"));
    padded.collectAsList();
    assertThat(Evaluations.metric(padded, "numBatches")).isEqualTo(3 * 5);
    long elements = 2L * ROWS / 40 * 8 * (8 + 16 + 24 + 32 + 40);
    long used = 2L * ROWS / 40 * (40 * 41 / 2);
    assertThat(Evaluations.metric(padded, "numPaddedElements")).isEqualTo(elements);
    assertThat(Evaluations.metric(padded, "paddingWaste")).isEqualTo(elements - used);
    assertThat(Evaluations.metric(padded, "paddingWastePercent"))
        .isCloseTo(1000 * (elements - used) / elements, within(1L));
  }

  @Test
  void theSessionSaysWhetherSequencesArePaddedWhereACallDoesNot() {
    spark.conf().set(OnnxConf.PADDING, "mask");
    try {
      Dataset<Row> padded = columns.select(onnxPredict(attention, col("ids"), col("mask")));
      padded.collectAsList();
      assertThat(Evaluations.metric(padded, "paddingWaste")).isPositive();
      Dataset<Row> own =
          columns.select(
              onnxPredict(attention, OnnxOptions.NONE.padding("none"), col("ids"), col("mask")));
      own.collectAsList();
      assertThat(Evaluations.metric(own, "paddingWaste")).isZero();
      Dataset<Row> unmasked = columns.select(onnxPredict(rounded, col("few")));
      unmasked.collectAsList();
      assertThat(Evaluations.metric(unmasked, "paddingWaste")).isZero();
    } finally {
      spark.conf().unset(OnnxConf.PADDING);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void emptySequencesAndRowsWithoutOneStandWhereTheyWere(boolean columnar) {
    Dataset<Row> from =
        rows(columnar).selectExpr("id", "if(id % 3 = 0, null, if(id % 7 = 0, array(), few)) v");
    List<Row> result =
        from.select(col("id"), col("v"), tryOnnxPredict(rounded, col("v")).as("p"))
            .selectExpr("id", "v", "p.y")
            .collectAsList();
    assertThat(result).hasSize(ROWS);
    result.forEach(
        row -> {
          List<Float> expected =
              row.isNullAt(1) ? null : row.<Float>getList(1).stream().map(Math::abs).toList();
          assertThat(row.<Float>getList(2)).as("row %s", row.getLong(0)).isEqualTo(expected);
        });
  }

  @ParameterizedTest
  @CsvSource({"none, true", "none, false", "mask, true", "mask, false"})
  void badRowsAreNullAndTheOthersAreAsTheyWere(String padding, boolean columnar) {
    OnnxOptions options = OnnxOptions.NONE.padding(padding);
    Map<Long, List<Object>> whole = scores(columns, options);
    Dataset<Row> from =
        rows(columnar)
            .selectExpr(
                "id",
                "if(id IN (17, 400), array(99L), ids) ids",
                "if(id IN (17, 400), array(1L), if(id = 500, null, mask)) mask");
    List<Row> result =
        from.select(col("id"), tryOnnxPredict(attention, options, col("ids"), col("mask")).as("p"))
            .selectExpr("id", "p.h", "p.mean")
            .collectAsList();
    assertThat(result).hasSize(ROWS);
    for (Row row : result) {
      if (List.of(17L, 400L, 500L).contains(row.getLong(0))) {
        assertThat(row.isNullAt(1) && row.isNullAt(2)).isTrue();
      } else {
        assertThat(List.<Object>of(row.getList(1), row.getList(2)))
            .isEqualTo(whole.get(row.getLong(0)));
      }
    }
  }

  @Test
  void aMaskOfAnotherLengthThanItsSequenceFailsTheRow() {
    Dataset<Row> from = columns.filter("id < 20").selectExpr("ids", "slice(mask, 1, m - 1) mask");
    assertThatThrownBy(
            () ->
                from.select(onnxPredict(attention, MASK, col("ids"), col("mask"))).collectAsList())
        .hasMessageContaining("attention_mask")
        .hasMessageContaining("length");
  }

  /** A model with places for 20 words only: sequences up to 20 are taken, padded ones of 24 not. */
  @Test
  void aSequenceThatIsTooLongOnlyWhenPaddedIsTakenAsItIs() {
    String limited =
        attention()
            .floats("places", normal(4, 20 * WIDTH), 1, 20, WIDTH)
            .longs("from", new long[] {0}, 1)
            .longs("second", new long[] {1}, 1)
            .node("Shape", List.of("ids"), List.of("shape"))
            .node("Gather", List.of("shape", "second"), List.of("upto"))
            .node("Slice", List.of("places", "from", "upto", "second"), List.of("used"))
            .node("Add", List.of("h", "used"), List.of("placed"))
            .output("placed", ElementType.FLOAT, "N", "length", WIDTH)
            .write(folder, "limited.onnx");
    Dataset<Row> from = columns.filter("m <= 20");
    Dataset<Row> padded =
        from.select(col("id"), onnxPredict(limited, MASK, col("ids"), col("mask")).as("p"));
    List<Row> result = padded.selectExpr("id", "size(p.placed)").collectAsList();
    List<Row> expected = from.selectExpr("id", "m").collectAsList();
    assertThat(result).isEqualTo(expected);
    padded.collectAsList();
    assertThat(Evaluations.metric(padded, "paddingWaste")).isPositive();
    assertThat(Evaluations.metric(padded, "numBadRows")).isZero();
  }

  @Test
  void paddingThatCannotBeIsRefusedWhereItIsAskedFor() {
    assertThatThrownBy(() -> columns.select(onnxPredict(rounded, MASK, col("few"))))
        .hasMessageContaining("[ONNX_SIGNATURE]")
        .hasMessageContaining(
            "padding = 'mask' is asked for, but the model's sequences cannot be padded: it has no"
                + " numeric input attention_mask or input_mask [rows, length]");
    String unmasked =
        new TestModel()
            .input("ids", ElementType.FLOAT, "N", "length")
            .input("attention_mask", ElementType.FLOAT, "N", "length")
            .node("Mul", List.of("ids", "attention_mask"), List.of("y"))
            .node("Abs", List.of("ids"), List.of("z"))
            .output("y", ElementType.FLOAT, "N", "length")
            .output("z", ElementType.FLOAT, "N", "length")
            .write(folder, "unmasked.onnx");
    assertThatThrownBy(() -> columns.select(onnxPredict(unmasked, MASK, col("few"), col("few"))))
        .hasMessageContaining("output z: float [N, length] does not depend on attention_mask");
  }

  private static String formatted(Dataset<Row> frame) {
    return Evaluations.execution(frame).explainString(FormattedMode$.MODULE$);
  }

  @Test
  void thePlanTellsHowRowsAreGrouped() {
    assertThat(formatted(columns.select(onnxPredict(rounded, col("few")))))
        .contains("MiB a batch of rows, each row for itself, grouped by shape\n");
    assertThat(formatted(columns.select(onnxPredict(attention, MASK, col("ids"), col("mask")))))
        .contains("each row for itself, padded under attention_mask to 8, 16, 24, … and grouped");
  }

  @Test
  void theNamesOfMasksAreKnownWithTensorFlowsNumbers() {
    String named =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", "length")
            .input("input_mask:0", ElementType.FLOAT, "N", "length")
            .node("Mul", List.of("x", "input_mask:0"), List.of("y"))
            .output("y", ElementType.FLOAT, "N", "length")
            .write(folder, "numbered.onnx");
    Dataset<Row> scored =
        columns.select(col("few"), onnxPredict(named, MASK, col("few"), col("few")).as("y"));
    assertThat(scored.filter("y != transform(few, x -> x * x)").count()).isZero();
    scored.collectAsList();
    assertThat(Evaluations.metric(scored, "numPaddedElements")).isPositive();
  }
}
