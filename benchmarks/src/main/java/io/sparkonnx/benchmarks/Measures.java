package io.sparkonnx.benchmarks;

import java.util.Map;

/** Measures of one case by name. */
final class Measures {
  private Measures() {}

  /** Prints a line {@code MEASURE case,measure,value} for each, texts in quotes. */
  @SuppressWarnings("SystemOut")
  static void print(String name, Map<String, Object> measures) {
    measures.forEach(
        (measure, value) ->
            System.out.println("MEASURE " + name + "," + measure + "," + field(value)));
  }

  private static String field(Object value) {
    return value instanceof String text ? '"' + text.replace("\"", "\"\"") + '"' : value.toString();
  }
}
