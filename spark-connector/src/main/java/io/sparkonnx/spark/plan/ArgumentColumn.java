package io.sparkonnx.spark.plan;

import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
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

  /** The first argument, or struct whose field is one, that has to become a column; or null. */
  static Expression needed(OnnxPredict call) {
    return Sequences.list(call.arguments()).stream()
        .filter(argument -> !argument.deterministic())
        .map(ArgumentColumn::drawn)
        .findFirst()
        .orElse(null);
  }

  /** Fields of one struct are to come from one draw. */
  private static Expression drawn(Expression argument) {
    return argument instanceof GetStructField field ? drawn(field.child()) : argument;
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
