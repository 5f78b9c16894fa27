package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import scala.Option;

/**
 * Calls that need an aggregate's result or a group's key run on the groups.
 *
 * <pre>
 * Aggregate [k], [onnx_predict(m, sum(x)) AS s]  ⇒  Project [onnx_predict(m, agg) AS s]
 *                                                   +- Aggregate [k], [sum(x) AS agg]
 * </pre>
 */
final class CallsOverAggregate {
  private CallsOverAggregate() {}

  static boolean in(Aggregate aggregate) {
    return aggregate.aggregateExpressions().exists(e -> holds((Expression) e, aggregate));
  }

  /** Looks at what stands above aggregate functions and keys; their own arguments come before. */
  private static boolean holds(Expression expression, Aggregate aggregate) {
    if (belongs(expression, aggregate)) {
      return false;
    }
    if (expression instanceof OnnxPredict call
        && (call.references().isEmpty() || needsGroup(call, aggregate))) {
      return true;
    }
    return expression.children().exists(child -> holds(child, aggregate));
  }

  private static boolean needsGroup(Expression call, Aggregate aggregate) {
    return call.exists(inner -> belongs(inner, aggregate));
  }

  private static boolean belongs(Expression expression, Aggregate aggregate) {
    return expression instanceof AggregateExpression
        || aggregate.groupingExpressions().exists(group -> group.semanticEquals(expression));
  }

  static Project moveAbove(Aggregate aggregate) {
    List<NamedExpression> above = new ArrayList<>();
    List<NamedExpression> aggregated = new ArrayList<>();
    for (NamedExpression column : Sequences.list(aggregate.aggregateExpressions())) {
      if (holds((Expression) column, aggregate)) {
        above.add((NamedExpression) overGroups((Expression) column, aggregate, aggregated));
      } else {
        aggregated.add(column);
        above.add(column.toAttribute());
      }
    }
    LogicalPlan below =
        aggregate.copy(
            aggregate.groupingExpressions(),
            Sequences.seq(aggregated),
            aggregate.child(),
            aggregate.hint());
    return new Project(Sequences.seq(above), below);
  }

  private static Expression overGroups(
      Expression column, Aggregate aggregate, List<NamedExpression> aggregated) {
    return Calls.replace(
        column,
        e -> {
          if (!belongs(e, aggregate)) {
            return null;
          }
          NamedExpression named = e instanceof NamedExpression n ? n : alias(e);
          aggregated.add(named);
          return (Expression) named.toAttribute();
        });
  }

  /** A column with its aggregate functions computed below; adds these to what is aggregated. */
  static Expression overFunctions(Expression column, List<NamedExpression> aggregated) {
    return Calls.replace(
        column,
        e -> {
          if (!(e instanceof AggregateExpression)) {
            return null;
          }
          NamedExpression named = alias(e);
          aggregated.add(named);
          return (Expression) named.toAttribute();
        });
  }

  private static NamedExpression alias(Expression expression) {
    return new Alias(
        expression,
        "agg",
        NamedExpression$.MODULE$.newExprId(),
        Sequences.seq(List.of()),
        Option.empty(),
        Sequences.seq(List.of()));
  }
}
