package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static io.sparkonnx.spark.functions.tryOnnxPredict;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.model.Access;
import io.sparkonnx.spark.model.CompiledModels;
import io.sparkonnx.spark.model.DriverModels;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Separate columns of a columnar scan, which the model takes column by column. */
@ExtendWith(SparkSessionExtension.class)
class ColumnsAsMatrixTest {
  private static final int WIDTH = 5;

  /** More than one batch of the scan. */
  private static final int ROWS = 9001;

  @TempDir Path folder;

  private String model() {
    Random random = new Random(3);
    float[] weights = new float[WIDTH * 7];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    return new TestModel()
        .input("x", ElementType.FLOAT, "N", WIDTH)
        .floats("w", weights, WIDTH, 7)
        .node("MatMul", List.of("x", "w"), List.of("h"))
        .node("Tanh", List.of("h"), List.of("y"))
        .output("y", ElementType.FLOAT, "N", 7)
        .write(folder, "m.onnx");
  }

  /** Column c3 is NULL in every hundredth row. */
  private Dataset<Row> rows(SparkSession spark, boolean someNull) {
    String[] columns =
        IntStream.range(0, WIDTH)
            .mapToObj(i -> "CAST(hash(id, " + i + ") / 2147483648D AS FLOAT) AS c" + i)
            .toArray(String[]::new);
    if (someNull) {
      columns[3] = "IF(id % 100 = 0, NULL, CAST(id / 9001 AS FLOAT)) AS c3";
    }
    String path = folder.resolve("rows" + someNull).toString();
    String[] all = new String[WIDTH + 1];
    all[0] = "id";
    System.arraycopy(columns, 0, all, 1, WIDTH);
    spark.range(0, ROWS, 1, 1).selectExpr(all).write().parquet(path);
    return spark.read().parquet(path);
  }

  private static Column[] columns() {
    return IntStream.range(0, WIDTH).mapToObj(i -> col("c" + i)).toArray(Column[]::new);
  }

  /** Sorted here: Spark would sort first, and call the model on the rows that come of that. */
  private static List<Row> scored(Dataset<Row> rows, Column call) {
    return rows.select(col("id"), call).collectAsList().stream()
        .sorted(Comparator.comparingLong(row -> row.getLong(0)))
        .toList();
  }

  @Test
  void columnsGiveTheBitsOfAnArray(SparkSession spark) {
    Dataset<Row> rows = rows(spark, false);
    List<Row> byColumns = scored(rows, onnxPredict(model(), columns()));
    List<Row> byArray = scored(rows, onnxPredict(model(), array(columns())));
    assertThat(byColumns).hasSize(ROWS).isEqualTo(byArray);
  }

  /** In which ways this JVM has compiled a model: which inputs come by columns. */
  private static Set<Set<String>> compiled(String model) {
    String sha256 = DriverModels.analyze(model, null, Access.of()).reference().sha256();
    return CompiledModels.report().models().stream()
        .filter(held -> held.sha256().equals(sha256))
        .map(held -> held.form().byColumns())
        .collect(Collectors.toSet());
  }

  @Test
  void onlyColumnsOfAScanAreTakenByColumns(SparkSession spark) {
    String model =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", WIDTH)
            .node("Tanh", List.of("x"), List.of("taken_by_columns"))
            .output("taken_by_columns", ElementType.FLOAT, "N", WIDTH)
            .write(folder, "taken.onnx");
    Dataset<Row> rows = rows(spark, false);
    scored(rows, onnxPredict(model, array(columns())));
    scored(rows.where("id >= 0"), onnxPredict(model, columns()));
    assertThat(compiled(model)).containsExactly(Set.of());
    scored(rows, onnxPredict(model, columns()));
    assertThat(compiled(model)).contains(Set.of("x"));
  }

  /** The model's signature says which inputs cannot be turned, whatever else is asked of it. */
  @Test
  void anInputThatIsAnOutputComesByRows(SparkSession spark) {
    String model =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", WIDTH)
            .node("Tanh", List.of("x"), List.of("y"))
            .output("x", ElementType.FLOAT, "N", WIDTH)
            .output("y", ElementType.FLOAT, "N", WIDTH)
            .write(folder, "through.onnx");
    Dataset<Row> rows = rows(spark, false);
    assertThat(scored(rows, onnxPredict(model, columns())))
        .hasSize(ROWS)
        .isEqualTo(scored(rows, onnxPredict(model, array(columns()))));
    assertThat(scored(rows, onnxPredict(model, columns()).getField("y")))
        .isEqualTo(scored(rows, onnxPredict(model, array(columns())).getField("y")));
  }

  @Test
  void smallRunsCutTheColumns(SparkSession spark) {
    Dataset<Row> rows = rows(spark, false);
    List<Row> whole = scored(rows, onnxPredict(model(), columns()));
    spark.conf().set(OnnxConf.BATCH_SIZE, "1000");
    try {
      assertThat(scored(rows, onnxPredict(model(), columns()))).isEqualTo(whole);
    } finally {
      spark.conf().unset(OnnxConf.BATCH_SIZE);
    }
  }

  @Test
  void badRowsLeaveTheOthersAsTheyAre(SparkSession spark) {
    Dataset<Row> rows = rows(spark, true);
    List<Row> lenient = scored(rows, tryOnnxPredict(model(), columns()));
    List<Row> good = scored(rows.where("c3 IS NOT NULL"), onnxPredict(model(), columns()));
    assertThat(lenient).hasSize(ROWS);
    assertThat(lenient.stream().filter(row -> row.isNullAt(1)))
        .allSatisfy(row -> assertThat(row.getLong(0) % 100).isZero())
        .hasSize(91);
    assertThat(lenient.stream().filter(row -> !row.isNullAt(1)).toList()).isEqualTo(good);
  }
}
