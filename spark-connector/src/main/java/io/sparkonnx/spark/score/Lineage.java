package io.sparkonnx.spark.score;

import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Columns that say by what and when a row was scored; the run's id is the directory's. */
final class Lineage {
  static final String MODEL = "model_sha256";
  static final String VERSION = "spark_onnx_version";
  static final String TIME = "scored_at";
  static final List<String> COLUMNS = List.of(MODEL, VERSION, TIME);

  private Lineage() {}

  /**
   * Rows with these columns.
   *
   * @param started when the run started, the same for all its rows
   */
  static Dataset<Row> added(Dataset<Row> rows, String sha256, Instant started) {
    return rows.withColumn(MODEL, functions.lit(sha256))
        .withColumn(VERSION, functions.lit(Versions.own()))
        .withColumn(TIME, functions.lit(started));
  }
}
