package io.sparkonnx.spark.score;

import java.util.List;
import java.util.Map;

/**
 * Where rows come from.
 *
 * @param format one of {@link #FORMATS}
 * @param path of files, or null
 * @param table name of a table or of one in a database, or null
 * @param options of the format's reader
 */
record JobInput(String format, String path, String table, Map<String, String> options) {
  static final List<String> FORMATS =
      List.of("parquet", "orc", "csv", "json", "avro", "arrow", "delta", "table", "jdbc");

  /** Formats that are told a table and not a path. */
  static boolean isTable(String format) {
    return format.equals("table") || format.equals("jdbc");
  }

  /** What is read, for people. */
  String name() {
    return path == null ? table : path;
  }
}
