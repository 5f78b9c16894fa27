package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments that give another value each time they are evaluated. */
@ExtendWith(SparkSessionExtension.class)
class RandomArgumentsTest {
  @TempDir static Path models;
  private static SparkSession spark;
  private static ScoreText score;

  @BeforeAll
  static void createTables(SparkSession session) {
    spark = session;
    score = ScoredQueries.create(spark, models).score();
  }

  private static List<Row> rows(String query) {
    return spark.sql(score.call(query)).collectAsList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rand(7)", "monotonically_increasing_id()", "rand(7) + a"})
  void aCallSeesTheValuesThatAColumnHas(String argument) {
    assertThat(rows("SELECT id, SCORE(float(" + argument + "), b) s FROM t"))
        .isEqualTo(
            rows("SELECT id, SCORE(r, b) s FROM (SELECT *, float(" + argument + ") r FROM t)"));
  }

  @Test
  void aCallInAFilterIsMadeOncePerRow() {
    Dataset<Row> kept =
        spark.sql(score.call("SELECT id FROM t WHERE SCORE(float(rand(7)), 0f) > 2"));
    assertThat(kept.collectAsList())
        .isEqualTo(
            rows("SELECT id FROM (SELECT *, float(rand(7)) r FROM t) WHERE SCORE(r, 0f) > 2"))
        .hasSizeBetween(1, 99);
    assertThat(Evaluations.rows(kept)).isEqualTo(100);
  }

  @Test
  void twoCallsDrawEachForItself() {
    Dataset<Row> two =
        spark.sql(
            score.call("SELECT SCORE(float(rand(7)), b) s, SCORE(float(rand(8)), b) u FROM t"));
    assertThat(two.filter("s = u").count()).isLessThan(10);
  }

  @Test
  void fieldsOfOneStructComeFromOneDraw() {
    String difference =
        new TestModel()
            .input("x", ElementType.FLOAT, "N")
            .input("y", ElementType.FLOAT, "N")
            .node("Sub", List.of("x", "y"), List.of("d"))
            .output("d", ElementType.FLOAT, "N")
            .write(models, "difference.onnx");
    StructType pair = new StructType().add("x", DataTypes.FloatType).add("y", DataTypes.FloatType);
    AtomicInteger draws = new AtomicInteger();
    UDF1<Integer, Row> draw =
        g -> {
          float drawn = draws.incrementAndGet();
          return RowFactory.create(drawn, drawn);
        };
    spark
        .udf()
        .register("draw", org.apache.spark.sql.functions.udf(draw, pair).asNondeterministic());
    List<Row> rows =
        spark.sql("SELECT onnx_predict('" + difference + "', draw(g)) d FROM t").collectAsList();
    assertThat(rows).hasSize(100).allMatch(row -> row.getFloat(0) == 0f);
  }

  @Test
  void underAGuardRowsThatDoNotTakeTheBranchAreNotScored() {
    Dataset<Row> some =
        spark.sql(score.call("SELECT IF(g = 1, SCORE(float(rand(7)), b), -1f) s FROM t"));
    assertThat(some.filter("s >= 0").count()).isEqualTo(20);
    some.collectAsList();
    assertThat(Evaluations.rows(some)).isEqualTo(20);
  }
}
