package io.sparkonnx.spark.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What is wrong with one call, gathered so that one exception can say all of it. */
final class Problems {
  private record Problem(OnnxCondition condition, String text) {}

  private final List<Problem> found = new ArrayList<>();

  void add(OnnxCondition condition, String text) {
    found.add(new Problem(condition, text));
  }

  /**
   * Raises the first problem's condition where there are any.
   *
   * @param call that they are problems of
   * @param expectation what would be right
   */
  void raise(String call, String expectation) {
    if (found.isEmpty()) {
      return;
    }
    String texts =
        found.size() == 1
            ? found.get(0).text()
            : found.size()
                + " problems: "
                + found.stream().map(Problem::text).collect(Collectors.joining("; "));
    throw found.get(0).condition().raise(call + ": " + texts + "; " + expectation);
  }
}
