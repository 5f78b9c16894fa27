package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;

/**
 * The result of a call that the plan below makes already.
 *
 * @param plan the plan with the result among its output
 * @param attribute the result
 */
record ExistingResult(LogicalPlan plan, Attribute attribute) {

  /**
   * Looks through nodes that keep each row's columns.
   *
   * @param condition on which rows the result is wanted, null for all
   * @return null where the call is not made on all of these rows
   */
  static ExistingResult find(LogicalPlan plan, OnnxPredict call, Expression condition) {
    if (plan instanceof OnnxEval eval) {
      List<OnnxPredict> calls = Sequences.list(eval.calls());
      for (int i = 0; i < calls.size(); i++) {
        if (Calls.same(calls.get(i), call) && covers(calls.get(i), condition)) {
          return new ExistingResult(eval, eval.results().apply(i));
        }
      }
      return below(eval, eval.child(), call, condition);
    }
    if (plan instanceof Filter filter) {
      return below(plan, filter.child(), call, condition);
    }
    if (plan instanceof Sort sort) {
      return below(plan, sort.child(), call, condition);
    }
    if (plan instanceof LocalLimit limit) {
      return below(plan, limit.child(), call, condition);
    }
    if (plan instanceof GlobalLimit limit) {
      return below(plan, limit.child(), call, condition);
    }
    if (plan instanceof Offset offset) {
      return below(plan, offset.child(), call, condition);
    }
    return plan instanceof Project project ? belowProject(project, call, condition) : null;
  }

  private static boolean covers(OnnxPredict made, Expression condition) {
    if (made.condition().isEmpty()) {
      return true;
    }
    List<Expression> wanted = condition == null ? List.of() : Conjuncts.split(condition);
    return Conjuncts.split(made.condition().get()).stream()
        .allMatch(part -> wanted.stream().anyMatch(part::semanticEquals));
  }

  private static ExistingResult below(
      LogicalPlan node, LogicalPlan child, OnnxPredict call, Expression condition) {
    ExistingResult found = find(child, call, condition);
    return found == null
        ? null
        : new ExistingResult(node.withNewChildren(Sequences.of(found.plan())), found.attribute());
  }

  private static ExistingResult belowProject(
      Project project, OnnxPredict call, Expression condition) {
    List<NamedExpression> columns = Sequences.list(project.projectList());
    List<Expression> kept = new ArrayList<>();
    for (NamedExpression column : columns) {
      if (column instanceof AttributeReference attribute) {
        kept.add(attribute);
      }
    }
    if (!call.references().subsetOf(AttributeSet$.MODULE$.apply(Sequences.seq(kept)))) {
      return null;
    }
    ExistingResult found = find(project.child(), call, condition);
    if (found == null) {
      return null;
    }
    List<NamedExpression> widened = new ArrayList<>(columns);
    if (columns.stream().noneMatch(found.attribute()::equals)) {
      widened.add(found.attribute());
    }
    return new ExistingResult(new Project(Sequences.seq(widened), found.plan()), found.attribute());
  }
}
