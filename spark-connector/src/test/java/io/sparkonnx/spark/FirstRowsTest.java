package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries that need a few rows score a few, from columns of a scan and from rows alike. */
@ExtendWith(SparkSessionExtension.class)
class FirstRowsTest {
  private static final int ROWS = 5000;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static Dataset<Row> columns;
  private static String linear;

  @BeforeAll
  static void createTable(SparkSession session) {
    spark = session;
    String path = folder.resolve("rows").toString();
    spark
        .range(0, ROWS, 1, 1)
        .selectExpr(
            "id",
            "float(id) a",
            "named_struct('n', id, 's', if(id % 3 = 0, null, concat('t', id))) st",
            "map('k', id) m",
            "array(id, id + 1) xs",
            "decimal(id) d",
            "timestamp_micros(id) t")
        .write()
        .parquet(path);
    columns = spark.read().parquet(path);
    linear = TestModel.linear(0f, 1f).write(folder, "linear.onnx");
  }

  /** The rows with their own number as score; from rows where a filter is below. */
  private static Dataset<Row> scored(boolean columnar) {
    Dataset<Row> from = columnar ? columns : columns.filter("a >= 0");
    return from.withColumn("s", onnxPredict(linear, col("a")));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void showScoresAFewRows(boolean columnar) {
    long rows = Evaluations.rows(Evaluations.during(spark, () -> scored(columnar).show(5)));
    assertThat(rows).isBetween(5L, 64L);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void showOfRowsThatAScoreChoosesScoresAFewRows(boolean columnar) {
    Dataset<Row> chosen = scored(columnar).filter("s > 20");
    long rows = Evaluations.rows(Evaluations.during(spark, () -> chosen.show(5)));
    assertThat(rows).isBetween(20L, 64L);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isEmptyScoresAFewRows(boolean columnar) {
    Dataset<Row> chosen = scored(columnar).filter("s > 20");
    long rows =
        Evaluations.rows(Evaluations.during(spark, () -> assertThat(chosen.isEmpty()).isFalse()));
    assertThat(rows).isBetween(20L, 64L);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLimitAboveAConditionOnTheScoreScoresAFewRows(boolean columnar) {
    Dataset<Row> chosen = scored(columnar).filter("s > 100").limit(3);
    List<Row> rows = chosen.collectAsList();
    assertThat(rows).extracting(row -> row.getLong(0)).containsExactly(101L, 102L, 103L);
    assertThat(Evaluations.rows(chosen)).isBetween(103L, 64L + 256);
  }

  @Test
  void columnsOfAnyTypeStayWithTheirRowsThroughSmallBatches() {
    Dataset<Row> values = columns.withColumn("s", onnxPredict(linear, col("a")));
    Dataset<Row> wrong =
        values.filter(
            "s <> id or st.n <> id or not (st.s <=> if(id % 3 = 0, null, concat('t', id)))"
                + " or m['k'] <> id or xs[1] <> id + 1 or d <> id or unix_micros(t) <> id");
    assertThat(wrong.count()).isZero();
    assertThat(values.filter("st.s is null").count()).isEqualTo(1667);
  }
}
