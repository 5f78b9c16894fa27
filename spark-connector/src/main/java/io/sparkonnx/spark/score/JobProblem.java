package io.sparkonnx.spark.score;

import java.util.List;
import java.util.Map;

/**
 * What is wrong with one key of a job.
 *
 * @param key the path of the key, e.g. {@code output.mode}
 * @param expected what it may be
 * @param came what it is, as {@link #shown} says it
 */
record JobProblem(String key, String expected, String came) {

  /** A value that is not there. */
  static JobProblem missing(String key, String expected) {
    return new JobProblem(key, expected, "nothing");
  }

  /** A value of a job in words. */
  static String shown(Object value) {
    if (value instanceof String text) {
      return "'" + text + "'";
    }
    if (value instanceof List<?>) {
      return "a list";
    }
    if (value instanceof Map<?, ?>) {
      return "keys and values";
    }
    return value == null ? "null" : "the " + kind(value) + " " + value;
  }

  private static String kind(Object value) {
    return value instanceof Boolean ? "truth value" : "number";
  }

  @Override
  public String toString() {
    return key + ": " + expected + " is needed, not " + came;
  }
}
