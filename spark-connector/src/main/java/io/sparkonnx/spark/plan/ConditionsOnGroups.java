package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction;
import org.apache.spark.sql.catalyst.expressions.aggregate.DeclarativeAggregate;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.execution.aggregate.TypedAggregateExpression;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.FractionalType;
import org.apache.spark.sql.types.StringType;

/**
 * Conditions with calls on a group's key score the groups. Spark has moved such a HAVING below the
 * aggregate, where it would score every row.
 *
 * <pre>
 * Aggregate [k], [sum(x) + 1 AS s]               Project [agg + 1 AS s]
 * +- Filter onnx_predict(m, k) > 0 AND x > 1 ⇒   +- Filter onnx_predict(m, k) > 0
 *    +- child                                       +- Aggregate [k], [k, sum(x) AS agg]
 *                                                      +- Filter x > 1
 *                                                         +- child
 * </pre>
 *
 * Conditions on keys of floating-point types and collated strings stay, since a group may hold
 * values of different bits; so do all where the aggregate computes something of the rows that could
 * fail, and those before a condition that scores rows.
 */
final class ConditionsOnGroups {
  private ConditionsOnGroups() {}

  static LogicalPlan apply(LogicalPlan plan) {
    LogicalPlan moved = plan.mapChildren(ConditionsOnGroups::apply);
    return moved instanceof Aggregate aggregate && !aggregate.isStreaming()
        ? moveAbove(aggregate)
        : moved;
  }

  private static LogicalPlan moveAbove(Aggregate aggregate) {
    LogicalPlan child = aggregate.child();
    boolean projected = child instanceof Project project && keepsColumns(project);
    if (!((projected ? child.children().head() : child) instanceof Filter filter)
        || !takesAnyRow(aggregate)) {
      return aggregate;
    }
    AttributeSet keys = keys(aggregate);
    List<Expression> onGroups = new ArrayList<>();
    List<Expression> onRows = new ArrayList<>();
    List<Expression> conjuncts = Conjuncts.split(filter.condition());
    for (int i = conjuncts.size() - 1; i >= 0; i--) {
      Expression conjunct = conjuncts.get(i);
      boolean moves = isOf(keys, conjunct) && onRows.stream().noneMatch(Calls::in);
      (moves ? onGroups : onRows).add(0, conjunct);
    }
    if (onGroups.isEmpty()) {
      return aggregate;
    }
    LogicalPlan rows =
        onRows.isEmpty() ? filter.child() : new Filter(Conjuncts.and(onRows), filter.child());
    LogicalPlan below = projected ? child.withNewChildren(Sequences.of(rows)) : rows;
    return withFilter(aggregate, below, Conjuncts.and(onGroups));
  }

  private static boolean isOf(AttributeSet keys, Expression conjunct) {
    return Calls.in(conjunct)
        && conjunct.deterministic()
        && !conjunct.references().isEmpty()
        && conjunct.references().subsetOf(keys);
  }

  /** The filter between the aggregate's functions and what its columns make of their results. */
  private static LogicalPlan withFilter(
      Aggregate aggregate, LogicalPlan child, Expression condition) {
    List<NamedExpression> aggregated = new ArrayList<>();
    for (Expression key : Sequences.list(aggregate.groupingExpressions())) {
      aggregated.add((NamedExpression) key);
    }
    List<NamedExpression> columns = new ArrayList<>();
    for (NamedExpression column : Sequences.list(aggregate.aggregateExpressions())) {
      columns.add(
          (NamedExpression) CallsOverAggregate.overFunctions((Expression) column, aggregated));
    }
    LogicalPlan groups =
        aggregate.copy(
            aggregate.groupingExpressions(), Sequences.seq(aggregated), child, aggregate.hint());
    return new Project(Sequences.seq(columns), new Filter(condition, groups));
  }

  /** Whether no row that the filter has removed can make the aggregate fail. */
  private static boolean takesAnyRow(Aggregate aggregate) {
    return aggregate.groupingExpressions().forall(key -> key instanceof AttributeReference)
        && aggregate.aggregateExpressions().forall(column -> takesAnyRow((Expression) column));
  }

  private static boolean takesAnyRow(Expression expression) {
    if (expression instanceof AggregateExpression aggregate) {
      AggregateFunction function = aggregate.aggregateFunction();
      return function instanceof DeclarativeAggregate
          && !(function instanceof TypedAggregateExpression)
          && function.children().forall(ConditionsOnGroups::isPlain)
          && aggregate.filter().forall(ConditionsOnGroups::isPlain);
    }
    return expression.children().forall(ConditionsOnGroups::takesAnyRow);
  }

  private static boolean isPlain(Expression value) {
    return value instanceof AttributeReference || value instanceof Literal;
  }

  private static boolean keepsColumns(Project project) {
    return project.projectList().forall(column -> column instanceof AttributeReference);
  }

  private static AttributeSet keys(Aggregate aggregate) {
    List<Expression> keys = new ArrayList<>();
    for (Expression key : Sequences.list(aggregate.groupingExpressions())) {
      if (isSameInGroup(key.dataType())) {
        keys.add(key);
      }
    }
    return AttributeSet$.MODULE$.apply(Sequences.seq(keys));
  }

  private static boolean isSameInGroup(DataType type) {
    return type instanceof StringType text
        ? text.supportsBinaryEquality()
        : type instanceof AtomicType && !(type instanceof FractionalType);
  }
}
