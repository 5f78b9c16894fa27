package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Or;

/** A call and the rows on which it is wanted, which are those of any of its guards. */
final class WantedCall {
  private final OnnxPredict call;
  private final List<Guard> guards = new ArrayList<>();

  WantedCall(OnnxPredict call) {
    this.call = call;
  }

  OnnxPredict call() {
    return call;
  }

  List<Guard> guards() {
    return guards;
  }

  void addGuard(Guard guard) {
    for (int i = 0; i < guards.size(); i++) {
      Guard union = guards.get(i).union(guard);
      if (union != null) {
        guards.remove(i);
        addGuard(union);
        return;
      }
    }
    guards.add(guard);
  }

  /** On which rows the call is wanted; null for all. */
  Expression condition() {
    return guards.stream().anyMatch(guard -> guard.terms().isEmpty())
        ? null
        : guards.stream().map(Guard::condition).reduce(Or::new).orElseThrow();
  }
}
