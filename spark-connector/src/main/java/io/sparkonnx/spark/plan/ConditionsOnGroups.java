package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.FractionalType;
import org.apache.spark.sql.types.StringType;

/**
 * Conditions with calls on a group's key score the groups. Spark has moved such a HAVING below the
 * aggregate, where it would score every row.
 *
 * <pre>
 * Aggregate [k], [k, sum(x)]                     Filter onnx_predict(m, k) > 0
 * +- Filter onnx_predict(m, k) > 0 AND x > 1 ⇒   +- Aggregate [k], [k, sum(x)]
 *    +- child                                       +- Filter x > 1
 *                                                      +- child
 * </pre>
 *
 * Conditions on keys of floating-point types and collated strings stay, since a group may hold
 * values of different bits.
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
    if (!((projected ? child.children().head() : child) instanceof Filter filter)) {
      return aggregate;
    }
    AttributeSet keys = keys(aggregate);
    List<Expression> onGroups = new ArrayList<>();
    List<Expression> onRows = new ArrayList<>();
    for (Expression conjunct : Conjuncts.split(filter.condition())) {
      boolean moves =
          Calls.in(conjunct)
              && conjunct.deterministic()
              && conjunct.references().subsetOf(keys);
      (moves && !conjunct.references().isEmpty() ? onGroups : onRows).add(conjunct);
    }
    if (onGroups.isEmpty()) {
      return aggregate;
    }
    LogicalPlan rows =
        onRows.isEmpty() ? filter.child() : new Filter(Conjuncts.and(onRows), filter.child());
    LogicalPlan below = projected ? child.withNewChildren(Sequences.of(rows)) : rows;
    List<NamedExpression> columns = new ArrayList<>();
    columns.addAll(Sequences.list(aggregate.aggregateExpressions()));
    for (Expression key : Sequences.list(aggregate.groupingExpressions())) {
      if (key instanceof AttributeReference attribute && !columns.contains(attribute)) {
        columns.add(attribute);
      }
    }
    LogicalPlan groups =
        aggregate.copy(
            aggregate.groupingExpressions(), Sequences.seq(columns), below, aggregate.hint());
    LogicalPlan filtered = new Filter(Conjuncts.and(onGroups), groups);
    return columns.size() == aggregate.aggregateExpressions().size()
        ? filtered
        : new Project(Sequences.<NamedExpression>seq(Sequences.list(aggregate.output())), filtered);
  }

  private static boolean keepsColumns(Project project) {
    return project.projectList().forall(column -> column instanceof AttributeReference);
  }

  private static AttributeSet keys(Aggregate aggregate) {
    List<Expression> keys = new ArrayList<>();
    for (Expression key : Sequences.list(aggregate.groupingExpressions())) {
      if (key instanceof AttributeReference attribute && isSameInGroup(attribute.dataType())) {
        keys.add(attribute);
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

