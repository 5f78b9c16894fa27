package io.sparkonnx.spark.score;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import scala.jdk.javaapi.CollectionConverters;

/** What is counted of rows while they are written. */
final class RunObservation {
  private static final int ACCURACY = 1000;

  private final Observation observation = new Observation();
  private final List<String> scores;
  private final Dataset<Row> rows;

  /**
   * @param rows scored rows
   * @param column name of the result; it is NULL in bad rows
   * @param scores numbers in the result by their names
   */
  RunObservation(Dataset<Row> rows, String column, Map<String, Column> scores) {
    this.scores = List.copyOf(scores.keySet());
    List<Column> counts = new ArrayList<>();
    Column result = functions.col("`" + column.replace("`", "``") + "`");
    counts.add(functions.count_if(result.isNull()).as("bad"));
    int index = 0;
    for (Column score : scores.values()) {
      Column finite = finite(score);
      counts.add(functions.count(finite).as("count" + index));
      counts.add(functions.min(finite).as("min" + index));
      counts.add(functions.max(finite).as("max" + index));
      counts.add(functions.avg(finite).as("mean" + index));
      counts.add(percentiles(finite).as("percentiles" + index));
      index++;
    }
    this.rows =
        rows.observe(
            observation,
            functions.count(functions.lit(1)).as("rows"),
            counts.toArray(Column[]::new));
  }

  private static Column finite(Column score) {
    Column infinite = functions.abs(score).equalTo(functions.lit(Double.POSITIVE_INFINITY));
    return functions.when(
        functions.not(functions.isnan(score)).and(functions.not(infinite)), score);
  }

  private static Column percentiles(Column score) {
    Column[] shares =
        IntStream.rangeClosed(1, ScoreStatistics.PERCENTILES)
            .mapToObj(percent -> functions.lit(percent / 100.0))
            .toArray(Column[]::new);
    return functions.percentile_approx(score, functions.array(shares), functions.lit(ACCURACY));
  }

  /** The rows, to be written once. */
  Dataset<Row> rows() {
    return rows;
  }

  /** What was seen, after the rows are written. */
  Seen seen() throws InterruptedException {
    Map<String, Object> values = observation.getAsJava();
    long all = (Long) values.get("rows");
    Map<String, ScoreStatistics> statistics = new LinkedHashMap<>();
    for (int i = 0; i < scores.size(); i++) {
      long count = (Long) values.get("count" + i);
      statistics.put(
          scores.get(i),
          new ScoreStatistics(
              count,
              all - count,
              (Double) values.get("min" + i),
              (Double) values.get("max" + i),
              (Double) values.get("mean" + i),
              doubles(values.get("percentiles" + i))));
    }
    return new Seen(all, (Long) values.get("bad"), statistics);
  }

  private static List<Double> doubles(Object array) {
    return array == null
        ? List.of()
        : CollectionConverters.asJava((scala.collection.Seq<?>) array).stream()
            .map(Double.class::cast)
            .toList();
  }

  /**
   * What was seen of a run.
   *
   * @param rows all of them
   * @param bad of these, those without a result
   * @param scores statistics by score
   */
  record Seen(long rows, long bad, Map<String, ScoreStatistics> scores) {}
}
