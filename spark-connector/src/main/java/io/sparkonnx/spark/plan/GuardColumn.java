package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.UserDefinedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;

/**
 * Guards that must not be evaluated twice, once to select rows and once to take the branch, become
 * columns: random ones, functions of users and subqueries.
 *
 * <pre>
 * Project [IF(rand() > 0.5, onnx_predict(m, a), 0)]     Project [IF(guard, onnx_predict(m, a), 0)]
 * +- child                                          ⇒   +- Project [a, rand() > 0.5 AS guard]
 *                                                          +- child
 * </pre>
 */
final class GuardColumn {
  private GuardColumn() {}

  /** The first term that has to become a column, or null. */
  static Guard.Term needed(Guard guard) {
    return guard.terms().stream()
        .filter(term -> isEvaluatedOnce(term.source()))
        .findFirst()
        .orElse(null);
  }

  static boolean isEvaluatedOnce(Expression source) {
    return !source.deterministic()
        || source.exists(
            e -> e instanceof UserDefinedExpression || e instanceof SubqueryExpression);
  }

  /** The node with a term's value as a column of one of its children. */
  static LogicalPlan below(LogicalPlan node, LogicalPlan child, Guard guard, Guard.Term term) {
    Expression source = term.source();
    Expression outer = guard.before(term).condition();
    Expression value =
        outer == null ? source : new If(outer, source, Literal.create(null, source.dataType()));
    return below(node, child, source, Aliases.of(value, "guard"));
  }

  /** The node with a column of one of its children in the place of {@code source}. */
  static LogicalPlan below(LogicalPlan node, LogicalPlan child, Expression source, Alias column) {
    List<NamedExpression> columns = new ArrayList<>(Sequences.list(child.output()));
    columns.add(column);
    LogicalPlan widened = new Project(Sequences.seq(columns), child);
    List<LogicalPlan> children = new ArrayList<>();
    for (LogicalPlan each : Sequences.list(node.children())) {
      children.add(each == child ? widened : each);
    }
    Expression read = (Expression) column.toAttribute();
    return (LogicalPlan)
        node.withNewChildren(Sequences.seq(children))
            .mapExpressions(e -> Calls.replace(e, inner -> inner == source ? read : null));
  }
}
