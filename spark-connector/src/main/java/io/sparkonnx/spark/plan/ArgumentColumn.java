package io.sparkonnx.spark.plan;

import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * Arguments that give another value each time they are evaluated become columns, so that calls see
 * one value for each row.
 *
 * <pre>
 * Project [onnx_predict(m, rand())]     Project [onnx_predict(m, argument)]
 * +- child                           ⇒   +- Project [a, rand() AS argument]
 *                                           +- child
 * </pre>
 *
 * Under a guard the column is NULL where the call is not made.
 */
final class ArgumentColumn {
  private ArgumentColumn() {}

  /** The first argument that has to become a column, or null. */
  static Expression needed(OnnxPredict call) {
    return Sequences.list(call.arguments()).stream()
        .filter(argument -> !argument.deterministic())
        .findFirst()
        .orElse(null);
  }

  /** The node with an argument of a call as a column of one of its children. */
  static LogicalPlan below(LogicalPlan node, LogicalPlan child, Guard guard, Expression argument) {
    Expression taken = guard.condition();
    Expression value =
        taken == null
            ? argument
            : new If(taken, argument, Literal.create(null, argument.dataType()));
    return GuardColumn.below(node, child, argument, Aliases.of(value, "argument"));
  }
}
