package io.sparkonnx.spark.ui;

import java.util.Map;

/**
 * How far a task was when it was heard of last.
 *
 * @param executor id
 * @param host where it runs, empty for unknown
 * @param heard when, in milliseconds since 1970
 * @param values of the metrics of one node, by their names
 */
record TaskProgress(String executor, String host, long heard, Map<String, Long> values) {

  long value(String name) {
    return values.getOrDefault(name, 0L);
  }

  /** How much a sum has grown since. */
  long gain(String name, Map<String, Long> now) {
    return now.getOrDefault(name, 0L) - value(name);
  }
}
