package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.ColumnarToRowExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** Slices of columns while a call whose rows are of any length has seen none. */
@ExtendWith(SparkSessionExtension.class)
class UnseenCallTest {
  private static final int ROWS = 4000;
  private static final int LENGTH = 1 << 13;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static String sum;

  /** id 0…3999, xs has id 8192 times from 1500 to 2099 and once elsewhere. */
  @BeforeAll
  static void createTable(SparkSession session) {
    spark = session;
    sum =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", "L")
            .node("ReduceMax", List.of("x"), List.of("y"), "axes", List.of(1), "keepdims", 0)
            .output("y", ElementType.FLOAT, "N")
            .write(folder, "max.onnx");
    String path = folder.resolve("rows").toString();
    spark
        .range(0, ROWS, 1, 1)
        .selectExpr(
            "id",
            "array_repeat(float(id), if(id >= 1500 and id < 2100, " + LENGTH + ", 1)) xs",
            "cast(null as array<float>) nothing")
        .write()
        .parquet(path);
    spark.read().parquet(path).createOrReplaceTempView("unseen");
  }

  private static Dataset<Row> scored(String column) {
    Dataset<Row> query =
        spark.sql("SELECT id, " + column.replace("CALL", "onnx_predict('" + sum + "', xs)"));
    query.collectAsList();
    return query;
  }

  /** Batches of columns that the node has given on. */
  private static long slices(Dataset<Row> query) {
    return slices(Evaluations.execution(query).executedPlan());
  }

  private static long slices(SparkPlan plan) {
    return plan instanceof ColumnarToRowExec rows
        ? rows.metrics().apply("numInputBatches").value()
        : CollectionConverters.asJava(plan.children()).stream()
            .mapToLong(UnseenCallTest::slices)
            .sum();
  }

  @Test
  void slicesGrowWhereEachRowTakesTheOtherBranch() {
    Dataset<Row> query = scored("CASE WHEN id < 0 THEN CALL ELSE 0f END s FROM unseen");
    assertThat(Evaluations.rows(query)).isZero();
    assertThat(slices(query)).isLessThan(10);
  }

  @Test
  void slicesGrowWhereEachRowIsABadOne() {
    Dataset<Row> query = scored("try_onnx_predict('" + sum + "', nothing) s FROM unseen");
    assertThat(query.filter("s IS NULL").count()).isEqualTo(ROWS);
    assertThat(slices(query)).isLessThan(10);
  }

  @Test
  void theFirstRowsThatACallSeesEndTheSlice() {
    Dataset<Row> query =
        scored("CASE WHEN id >= 1500 AND id < 2100 THEN CALL ELSE float(id) END s FROM unseen");
    assertThat(query.filter("s = id").count()).isEqualTo(ROWS);
    assertThat(Evaluations.rows(query)).isEqualTo(600);
    assertThat(Evaluations.metric(query, "numBatches"))
        .describedAs("64 rows, then as many as fill 8 MiB, which is 256 at most")
        .isBetween(4L, 7L);
  }
}
