package io.sparkonnx.spark.score;

import java.util.List;
import java.util.Map;

/**
 * Where scored rows go: a folder with a directory for each run.
 *
 * @param format one of {@link #FORMATS}
 * @param path the folder
 * @param mode what becomes of the rows of earlier runs
 * @param partitionBy columns whose values make directories below that of a run
 * @param options of the format's writer
 */
record JobOutput(
    String format, String path, Mode mode, List<String> partitionBy, Map<String, String> options) {
  static final List<String> FORMATS = List.of("parquet", "orc", "csv", "json", "avro", "arrow");

  /** What becomes of the rows of earlier runs. */
  enum Mode {
    /** They stay. */
    APPEND,
    /** They go. */
    OVERWRITE,
    /** Those in the partitions that the run writes go. */
    PARTITIONS
  }
}
