package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Expression;

/** The parts of a condition that are joined by AND. */
final class Conjuncts {
  private Conjuncts() {}

  static List<Expression> split(Expression condition) {
    List<Expression> parts = new ArrayList<>();
    collect(condition, parts);
    return parts;
  }

  private static void collect(Expression condition, List<Expression> parts) {
    if (condition instanceof And and) {
      collect(and.left(), parts);
      collect(and.right(), parts);
    } else {
      parts.add(condition);
    }
  }

  static Expression and(List<Expression> parts) {
    return parts.stream().reduce(And::new).orElseThrow();
  }
}
