package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;

/**
 * Sorts rows first where the order does not depend on a score: a global sort reads its input twice,
 * and a limit above it then finds its rows without scoring the others.
 *
 * <pre>
 * Sort [id]                                Project [id, prediction AS s]
 * +- Project [id, prediction AS s]     ⇒   +- OnnxEval
 *    +- OnnxEval                              +- Sort [id]
 *       +- child                                 +- child
 * </pre>
 */
final class EvalAboveSort {
  private EvalAboveSort() {}

  static LogicalPlan apply(LogicalPlan plan) {
    LogicalPlan moved = plan.mapChildren(EvalAboveSort::apply);
    if (moved instanceof Sort sort && sort.global() && !sort.isStreaming()) {
      LogicalPlan lowered = lowered(sort, Sequences.list(sort.order()), sort.child());
      return lowered == null ? sort : lowered;
    }
    return moved;
  }

  /** The plan with the sort below its lowest evaluation; null where it does not get below any. */
  private static LogicalPlan lowered(Sort sort, List<SortOrder> order, LogicalPlan plan) {
    if (plan instanceof OnnxEval eval) {
      if (Sequences.list(eval.results()).stream().anyMatch(result -> uses(order, result))) {
        return null;
      }
      LogicalPlan lower = lowered(sort, order, eval.child());
      LogicalPlan sorted =
          lower == null ? sort.copy(Sequences.seq(order), true, eval.child(), sort.hint()) : lower;
      return eval.withNewChildInternal(sorted);
    }
    if (plan instanceof Project project && project.deterministic()) {
      List<SortOrder> below = below(order, project);
      LogicalPlan lower = below == null ? null : lowered(sort, below, project.child());
      return lower == null ? null : project.withNewChildren(Sequences.of(lower));
    }
    return null;
  }

  private static boolean uses(List<SortOrder> order, Attribute attribute) {
    return order.stream().anyMatch(key -> key.references().contains((NamedExpression) attribute));
  }

  /** The order over the projection's input; null where a key takes work to compute. */
  private static List<SortOrder> below(List<SortOrder> order, Project project) {
    List<NamedExpression> columns = Sequences.list(project.projectList());
    List<SortOrder> below = new ArrayList<>();
    for (SortOrder key : order) {
      for (NamedExpression column : columns) {
        if (column instanceof Alias alias
            && !alias.child().children().isEmpty()
            && key.references().contains(alias)) {
          return null;
        }
      }
      below.add((SortOrder) Calls.replace(key, e -> renamed(e, columns)));
    }
    return below;
  }

  private static Expression renamed(Expression expression, List<NamedExpression> columns) {
    if (expression instanceof AttributeReference attribute) {
      for (NamedExpression column : columns) {
        if (column instanceof Alias alias && alias.exprId().equals(attribute.exprId())) {
          return alias.child();
        }
      }
      return attribute;
    }
    return null;
  }
}
