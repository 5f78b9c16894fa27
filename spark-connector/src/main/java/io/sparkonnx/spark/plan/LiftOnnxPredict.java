package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.bind.OnnxCondition;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression$;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.optimizer.ColumnPruning$;
import org.apache.spark.sql.catalyst.optimizer.EliminateSorts$;
import org.apache.spark.sql.catalyst.optimizer.PushPredicateThroughNonJoin$;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Subquery;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.types.Metadata;

/**
 * Moves model calls out of expressions into {@link OnnxEval} nodes, and what is cheap below them.
 *
 * <pre>
 * Project [a, onnx_predict(m, b) AS s]      Project [a, prediction AS s]
 * +- child                              ⇒   +- OnnxEval [onnx_predict(m, b)] [prediction]
 *                                              +- child
 * </pre>
 *
 * A call that a node below has made already is not made again.
 */
public final class LiftOnnxPredict extends Rule<LogicalPlan> {

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    boolean later = plan instanceof Subquery subquery && subquery.correlated();
    if (later || !Calls.inTree(plan)) {
      return plan;
    }
    LogicalPlan lifted = lift(ConditionsOnGroups.apply(EliminateSorts$.MODULE$.apply(plan)));
    LogicalPlan pushed = PushPredicateThroughNonJoin$.MODULE$.apply(lifted);
    LogicalPlan pruned = ColumnPruning$.MODULE$.apply(EvalAboveSort.apply(pushed));
    return PushLimitBelowEval.apply(pruned);
  }

  private LogicalPlan lift(LogicalPlan plan) {
    LogicalPlan lifted = plan.mapChildren(this::lift);
    if (lifted instanceof OnnxEval) {
      return lifted;
    }
    return extract((LogicalPlan) lifted.mapExpressions(this::liftSubqueries));
  }

  /** Correlated EXISTS and IN become joins only after this rule has run, so they are done here. */
  private Expression liftSubqueries(Expression expression) {
    return Calls.replace(
        expression,
        e ->
            e instanceof SubqueryExpression subquery && Calls.inTree(subquery.plan())
                ? (Expression) subquery.withNewPlan(lift(subquery.plan()))
                : null);
  }

  private LogicalPlan extract(LogicalPlan node) {
    if (!Calls.in(node)) {
      return node;
    }
    if (node instanceof Filter filter) {
      return extractFrom(filter);
    }
    if (node instanceof Aggregate aggregate && CallsOverAggregate.in(aggregate)) {
      Project above = CallsOverAggregate.moveAbove(aggregate);
      return extract(above.copy(above.projectList(), extract(above.child())));
    }
    if (node instanceof Join join && TwoSidedCalls.in(join)) {
      return extract(TwoSidedCalls.moveAbove(join));
    }
    return extractCalls(node);
  }

  /** One filter for each conjunct with calls, so that each scores what the one before has left. */
  private LogicalPlan extractFrom(Filter filter) {
    List<Expression> scored = new ArrayList<>();
    List<Expression> cheap = new ArrayList<>();
    for (Expression conjunct : Conjuncts.split(filter.condition())) {
      (Calls.in(conjunct) ? scored : cheap).add(conjunct);
    }
    LogicalPlan plan =
        cheap.isEmpty() ? filter.child() : new Filter(Conjuncts.and(cheap), filter.child());
    for (Expression conjunct : scored) {
      plan = extractCalls(new Filter(conjunct, plan));
    }
    return plan;
  }

  private record Result(OnnxPredict call, Attribute attribute) {}

  private LogicalPlan extractCalls(LogicalPlan node) {
    List<OnnxPredict> open = Calls.innermost(node);
    if (open.isEmpty()) {
      return node;
    }
    List<Result> results = new ArrayList<>();
    List<LogicalPlan> children = new ArrayList<>();
    for (LogicalPlan child : Sequences.list(node.children())) {
      children.add(evaluateOver(child, open, results));
    }
    if (!open.isEmpty()) {
      throw OnnxCondition.ONNX_CALL_PLACE.raise(
          open.get(0).sql()
              + " cannot be evaluated in "
              + node.nodeName()
              + "; put it into a column of a subquery first");
    }
    LogicalPlan rewritten =
        (LogicalPlan)
            node.withNewChildren(Sequences.seq(children))
                .mapExpressions(e -> Calls.replace(e, inner -> resultOf(inner, results)));
    LogicalPlan whole = extract(rewritten);
    return whole.output().equals(node.output())
        ? whole
        : new Project(Sequences.<NamedExpression>seq(Sequences.list(node.output())), whole);
  }

  private static Expression resultOf(Expression expression, List<Result> results) {
    if (expression instanceof OnnxPredict call) {
      for (Result result : results) {
        if (Calls.same(result.call, call)) {
          return (Expression) result.attribute;
        }
      }
    }
    return null;
  }

  /** The child with results for those open calls that need its columns only. */
  private static LogicalPlan evaluateOver(
      LogicalPlan child, List<OnnxPredict> open, List<Result> results) {
    LogicalPlan plan = child;
    List<OnnxPredict> fresh = new ArrayList<>();
    List<Attribute> attributes = new ArrayList<>();
    for (OnnxPredict call : List.copyOf(open)) {
      if (call.references().subsetOf(child.outputSet())) {
        open.remove(call);
        ExistingResult existing = ExistingResult.find(plan, call);
        Attribute attribute = existing == null ? newAttribute(call) : existing.attribute();
        results.add(new Result(call, attribute));
        if (existing == null) {
          fresh.add(call);
          attributes.add(attribute);
        } else {
          plan = existing.plan();
        }
      }
    }
    return fresh.isEmpty() ? plan : EvalBelowExpand.place(fresh, attributes, plan);
  }

  private static Attribute newAttribute(OnnxPredict call) {
    return new AttributeReference(
        "prediction",
        call.dataType(),
        call.nullable(),
        Metadata.empty(),
        NamedExpression$.MODULE$.newExprId(),
        Sequences.seq(List.of()));
  }
}
