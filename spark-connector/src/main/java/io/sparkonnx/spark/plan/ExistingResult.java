package io.sparkonnx.spark.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.ExistenceJoin;
import org.apache.spark.sql.catalyst.plans.InnerLike;
import org.apache.spark.sql.catalyst.plans.JoinType;
import org.apache.spark.sql.catalyst.plans.LeftAnti$;
import org.apache.spark.sql.catalyst.plans.LeftOuter$;
import org.apache.spark.sql.catalyst.plans.LeftSemi$;
import org.apache.spark.sql.catalyst.plans.RightOuter$;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionOperation;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.Window;

/**
 * The result of a call that the plan below makes already.
 *
 * @param plan the plan with the result among its output
 * @param made the call that is made, perhaps for more outputs
 * @param attribute its result
 */
record ExistingResult(LogicalPlan plan, OnnxPredict made, Attribute attribute) {

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
        OnnxPredict made = calls.get(i);
        if (UniteOutputs.wasAskedFor(made, call) && covers(made, condition)) {
          return new ExistingResult(eval, made, eval.results().apply(i));
        }
      }
      return below(eval, eval.child(), call, condition);
    }
    if (keepsColumns(plan)) {
      return below(plan, plan.children().head(), call, condition);
    }
    if (plan instanceof Join join) {
      return belowJoin(join, call, condition);
    }
    return plan instanceof Project project ? belowProject(project, call, condition) : null;
  }

  private static boolean keepsColumns(LogicalPlan plan) {
    return plan instanceof Filter
        || plan instanceof Sort
        || plan instanceof LocalLimit
        || plan instanceof GlobalLimit
        || plan instanceof Offset
        || plan instanceof Window
        || plan instanceof RepartitionOperation;
  }

  /** A side whose columns come through the join as they are. */
  private static ExistingResult belowJoin(Join join, OnnxPredict call, Expression condition) {
    JoinType type = join.joinType();
    boolean inner = type instanceof InnerLike;
    ExistingResult found = null;
    if (inner
        || type instanceof LeftOuter$
        || type instanceof LeftSemi$
        || type instanceof LeftAnti$
        || type instanceof ExistenceJoin) {
      found = below(join, join.left(), call, condition);
    }
    if (found == null && (inner || type instanceof RightOuter$)) {
      found = below(join, join.right(), call, condition);
    }
    return found;
  }

  private static boolean covers(OnnxPredict made, Expression condition) {
    if (made.condition().isEmpty()) {
      return true;
    }
    List<Expression> wanted = condition == null ? List.of() : Conjuncts.split(condition);
    return Conjuncts.split(made.condition().get()).stream()
        .allMatch(part -> wanted.stream().anyMatch(part::semanticEquals));
  }

  private ExistingResult in(LogicalPlan whole) {
    return new ExistingResult(whole, made, attribute);
  }

  private static ExistingResult below(
      LogicalPlan node, LogicalPlan child, OnnxPredict call, Expression condition) {
    ExistingResult found =
        call.references().subsetOf(child.outputSet()) ? find(child, call, condition) : null;
    if (found == null) {
      return null;
    }
    List<LogicalPlan> children = new ArrayList<>(Sequences.list(node.children()));
    children.replaceAll(each -> each == child ? found.plan() : each);
    return found.in(node.withNewChildren(Sequences.seq(children)));
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
    return found.in(new Project(Sequences.seq(widened), found.plan()));
  }
}
