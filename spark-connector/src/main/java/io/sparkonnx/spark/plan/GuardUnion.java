package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Or;

/** The rows that any of some guards lets through. */
final class GuardUnion {
  private final List<Guard> guards = new ArrayList<>();

  void add(Guard guard) {
    for (int i = 0; i < guards.size(); i++) {
      Guard union = guards.get(i).union(guard);
      if (union != null) {
        guards.remove(i);
        add(union);
        return;
      }
    }
    guards.add(guard);
  }

  /** What these rows fulfil; null for all rows. */
  Expression condition() {
    return guards.stream().anyMatch(guard -> guard.terms().isEmpty())
        ? null
        : guards.stream().map(Guard::condition).reduce(Or::new).orElseThrow();
  }
}
