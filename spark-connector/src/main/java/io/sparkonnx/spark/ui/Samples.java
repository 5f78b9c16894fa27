package io.sparkonnx.spark.ui;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The latest few distinct errors. */
final class Samples {
  private static final int KEPT = 20;

  private final Set<String> errors = new LinkedHashSet<>();

  /**
   * @param lines one error each
   */
  void add(String lines) {
    lines.lines().forEach(this::addOne);
  }

  private void addOne(String error) {
    errors.remove(error);
    errors.add(error);
    if (errors.size() > KEPT) {
      errors.remove(errors.iterator().next());
    }
  }

  List<String> errors() {
    return List.copyOf(errors);
  }
}
