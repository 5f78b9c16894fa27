package io.sparkonnx.spark.plan;

import java.util.function.UnaryOperator;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/** Where model calls stand in expressions and plans. */
final class Calls {
  private Calls() {}

  static boolean in(Expression expression) {
    return expression.exists(e -> e instanceof OnnxPredict);
  }

  /** Whether the node's own expressions hold calls that are still to be lifted. */
  static boolean in(LogicalPlan node) {
    return !(node instanceof OnnxEval) && node.expressions().exists(Calls::in);
  }

  /** Whether any node holds calls to lift, those of subqueries included. */
  static boolean inTree(LogicalPlan plan) {
    return plan.exists(node -> in(node) || node.expressions().exists(Calls::inSubquery));
  }

  private static boolean inSubquery(Expression expression) {
    return expression.exists(e -> e instanceof SubqueryExpression s && inTree(s.plan()));
  }

  /** Whether two calls give the same value on the same row, whatever rows they are made on. */
  static boolean same(OnnxPredict a, OnnxPredict b) {
    if (!a.call().equals(b.call()) || a.arguments().size() != b.arguments().size()) {
      return false;
    }
    for (int i = 0; i < a.arguments().size(); i++) {
      if (!a.arguments().apply(i).semanticEquals(b.arguments().apply(i))) {
        return false;
      }
    }
    return a.deterministic() && b.deterministic();
  }

  /** The expression with a rule applied from its root down; null keeps a node and goes on below. */
  static Expression replace(Expression expression, UnaryOperator<Expression> rule) {
    Expression replaced = rule.apply(expression);
    return replaced != null ? replaced : expression.mapChildren(child -> replace(child, rule));
  }
}
