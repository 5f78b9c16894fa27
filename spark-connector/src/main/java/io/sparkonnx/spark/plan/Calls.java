package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
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

  /** The node's calls whose arguments hold no calls themselves, equal ones once. */
  static List<OnnxPredict> innermost(LogicalPlan node) {
    List<OnnxPredict> found = new ArrayList<>();
    Sequences.list(node.expressions()).forEach(e -> collect(e, found));
    return found;
  }

  private static void collect(Expression expression, List<OnnxPredict> found) {
    if (expression instanceof OnnxPredict call && !call.arguments().exists(Calls::in)) {
      if (found.stream().noneMatch(other -> same(other, call))) {
        found.add(call);
      }
      return;
    }
    Sequences.list(expression.children()).forEach(child -> collect(child, found));
  }

  /** Whether two calls give the same value on the same row. */
  static boolean same(OnnxPredict a, OnnxPredict b) {
    return a == b || a.semanticEquals(b);
  }

  /** The expression with a rule applied from its root down; null keeps a node and goes on below. */
  static Expression replace(Expression expression, UnaryOperator<Expression> rule) {
    Expression replaced = rule.apply(expression);
    return replaced != null ? replaced : expression.mapChildren(child -> replace(child, rule));
  }
}
