package io.sparkonnx.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Tables to score, and the check that a query with calls gives the rows of the same query with the
 * model's formula.
 */
final class ScoredQueries {
  private final SparkSession spark;
  private final ScoreText score;

  /**
   * A query with SCORE(x, y) for a call.
   *
   * @param nodes nodes that run models
   * @param rows rows that these score together
   */
  record Position(String name, int nodes, long rows, String query) {
    @Override
    public String toString() {
      return name;
    }
  }

  private ScoredQueries(SparkSession spark, ScoreText score) {
    this.spark = spark;
    this.score = score;
  }

  /** Creates the views t, with id 0…99, a = id, b = id % 7, g = id % 5, and u, every tenth row. */
  static ScoredQueries create(SparkSession spark, Path folder) {
    ScoreText score = ScoreText.write(folder);
    String table = folder.resolve("t").toString();
    spark
        .range(0, 100, 1, 4)
        .selectExpr("id", "double(id) a", "int(id % 7) b", "int(id % 5) g")
        .write()
        .parquet(table);
    spark.read().parquet(table).createOrReplaceTempView("t");
    spark.table("t").filter("id % 10 = 0").createOrReplaceTempView("u");
    return new ScoredQueries(spark, score);
  }

  static Position position(String name, int nodes, long rows, String query) {
    return new Position(name, nodes, rows, query);
  }

  ScoreText score() {
    return score;
  }

  /** Runs the query under a mode, compares its rows and counts what was scored. */
  void check(Modes.Case<Position> test) {
    String query = test.value().query();
    check(test, score.formula(query), score.call(query));
  }

  /**
   * @param formula the query with the formula of another model
   * @param call the query with its calls
   */
  void check(Modes.Case<Position> test, String formula, String call) {
    test.mode().set(spark);
    Position position = test.value();
    List<String> expected = strings(spark.sql(formula));
    Dataset<Row> scored = spark.sql(call);
    assertThat(strings(scored)).as(position.query()).isEqualTo(expected);
    String plan = Evaluations.execution(scored).executedPlan().toString();
    assertThat(Evaluations.of(scored)).as(plan).hasSize(position.nodes());
    assertThat(Evaluations.rows(scored)).as(plan).isEqualTo(position.rows());
  }

  static List<String> strings(Dataset<Row> frame) {
    return frame.collectAsList().stream().map(Row::toString).sorted().toList();
  }
}
