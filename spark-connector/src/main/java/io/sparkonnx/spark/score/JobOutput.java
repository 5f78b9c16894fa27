package io.sparkonnx.spark.score;

import java.util.List;
import java.util.Map;

/**
 * Where scored rows go.
 *
 * @param format one of {@link #FORMATS}
 * @param path a folder with a directory for each run, or that of a table of Delta Lake; null for
 *     tables that have a name
 * @param table name of a table of Spark's catalog or of a database; null where there is a path
 * @param state folder of the lock and the manifests where there is no path, else null
 * @param mode what becomes of the rows of earlier runs
 * @param partitionBy columns whose values part the rows
 * @param options of the format's writer
 */
record JobOutput(
    String format,
    String path,
    String table,
    String state,
    Mode mode,
    List<String> partitionBy,
    Map<String, String> options) {
  static final String DELTA = "delta";
  static final String TABLE = "table";
  static final String JDBC = "jdbc";
  static final List<String> FILES = List.of("parquet", "orc", "csv", "json", "avro", "arrow");
  static final List<String> FORMATS =
      List.of("parquet", "orc", "csv", "json", "avro", "arrow", DELTA, TABLE, JDBC);

  /** What becomes of the rows of earlier runs. */
  enum Mode {
    /** They stay. */
    APPEND,
    /** They go. */
    OVERWRITE,
    /** Those in the partitions that the run writes go. */
    PARTITIONS
  }

  /** The folder below which the lock and the manifests are. */
  String folder() {
    return path == null ? state : path;
  }

  /** What is written, for people. */
  String name() {
    return path == null ? table : path;
  }
}
