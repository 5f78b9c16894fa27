package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.bind.OnnxCondition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.optimizer.CollapseProject$;
import org.apache.spark.sql.catalyst.optimizer.ColumnPruning$;
import org.apache.spark.sql.catalyst.optimizer.EliminateSorts$;
import org.apache.spark.sql.catalyst.optimizer.PushPredicateThroughNonJoin$;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.RowLevelWrite;
import org.apache.spark.sql.catalyst.plans.logical.Subquery;
import org.apache.spark.sql.catalyst.rules.Rule;

/**
 * Moves model calls out of expressions into {@link OnnxEval} nodes, and what is cheap below them.
 *
 * <pre>
 * Project [a, onnx_predict(m, b) AS s]      Project [a, prediction AS s]
 * +- child                              ⇒   +- OnnxEval [onnx_predict(m, b)] [prediction]
 *                                              +- child
 * </pre>
 *
 * A call that a node below has made already is not made again, and calls on the same rows share a
 * run ({@link UniteOutputs}). A call in a branch is made on the rows that take the branch; what
 * decides about the branch is evaluated first.
 */
public final class LiftOnnxPredict extends Rule<LogicalPlan> {

  @Override
  public LogicalPlan apply(LogicalPlan plan) {
    boolean later = plan instanceof Subquery subquery && subquery.correlated();
    if (later || !Calls.inTree(plan)) {
      return plan;
    }
    LogicalPlan lifted = lift(ConditionsOnGroups.apply(EliminateSorts$.MODULE$.apply(plan)));
    LogicalPlan located = InputFileBelowEval.apply(lifted);
    LogicalPlan pushed = PushPredicateThroughNonJoin$.MODULE$.apply(located);
    LogicalPlan sorted = CollapseProject$.MODULE$.apply(EvalAboveSort.apply(pushed));
    LogicalPlan pruned = ColumnPruning$.MODULE$.apply(PruneOutputs.apply(sorted));
    return PushLimitBelowEval.apply(pruned);
  }

  private LogicalPlan lift(LogicalPlan plan) {
    LogicalPlan lifted = BranchColumns.apply(plan).mapChildren(this::lift);
    if (lifted instanceof OnnxEval || DeltaCommands.is(lifted)) {
      return lifted;
    }
    if (lifted instanceof RowLevelWrite) {
      return RowLevelConditions.withoutCalls(lifted);
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

  private LogicalPlan extractCalls(LogicalPlan node) {
    List<WantedCall> open = new ArrayList<>();
    List<LogicalPlan> widened = new ArrayList<>();
    Branches.replace(
        node,
        (call, guard) -> {
          if (widened.isEmpty() && !guard.hasCalls()) {
            LogicalPlan withColumn = want(call, guard, node, open);
            if (withColumn != null) {
              widened.add(withColumn);
            }
          }
          return null;
        });
    if (!widened.isEmpty()) {
      return withOutputOf(node, extract(widened.get(0)));
    }
    if (open.isEmpty()) {
      return node;
    }
    List<CallResult> results = new ArrayList<>();
    List<LogicalPlan> children = new ArrayList<>();
    for (LogicalPlan child : Sequences.list(node.children())) {
      children.add(evaluateOver(child, open, results));
    }
    if (!open.isEmpty()) {
      throw cannotStandIn(node, open.get(0).call());
    }
    LogicalPlan rewritten =
        Branches.replace(
            node.withNewChildren(Sequences.seq(children)),
            (call, guard) -> resultOf(call, guard, results));
    return withOutputOf(node, extract(withFieldsOf(results, rewritten)));
  }

  private static LogicalPlan withOutputOf(LogicalPlan node, LogicalPlan whole) {
    return whole.output().equals(node.output())
        ? whole
        : new Project(Sequences.<NamedExpression>seq(Sequences.list(node.output())), whole);
  }

  /**
   * Adds a call to those that are made next. If a part of its guard or an argument has to become a
   * column first, gives the node with that column instead.
   */
  private static LogicalPlan want(
      OnnxPredict call, Guard guard, LogicalPlan node, List<WantedCall> open) {
    LogicalPlan child = childFor(call, node);
    Guard known = guard.within(child.outputSet());
    Guard.Term column = GuardColumn.needed(known);
    if (column != null) {
      return GuardColumn.below(node, child, known, column);
    }
    Expression argument = ArgumentColumn.needed(call);
    if (argument != null) {
      return ArgumentColumn.below(node, child, known, argument);
    }
    WantedCall wanted =
        open.stream().filter(other -> Calls.same(other.call(), call)).findFirst().orElse(null);
    if (wanted == null) {
      wanted = new WantedCall(call);
      open.add(wanted);
    }
    wanted.guards().add(known);
    return null;
  }

  private static LogicalPlan childFor(OnnxPredict call, LogicalPlan node) {
    for (LogicalPlan child : Sequences.list(node.children())) {
      if (call.references().subsetOf(child.outputSet())) {
        return child;
      }
    }
    throw cannotStandIn(node, call);
  }

  private static RuntimeException cannotStandIn(LogicalPlan node, OnnxPredict call) {
    return OnnxCondition.ONNX_CALL_PLACE.raise(
        call.sql()
            + " cannot be evaluated in "
            + node.nodeName()
            + "; put it into a column of a subquery first");
  }

  private static Expression resultOf(OnnxPredict call, Guard guard, List<CallResult> results) {
    for (CallResult result : results) {
      if (Calls.same(result.call(), call)) {
        boolean everywhere = result.isEverywhere() || !guard.hasCalls();
        return everywhere
            ? result.value()
            : new If(result.call().condition().get(), result.value(), call);
      }
    }
    return null;
  }

  /** Fields of structs that are put together from fields are read directly. */
  private static LogicalPlan withFieldsOf(List<CallResult> results, LogicalPlan node) {
    return (LogicalPlan) node.mapExpressions(e -> Calls.replace(e, part -> field(part, results)));
  }

  private static Expression field(Expression expression, List<CallResult> results) {
    return results.stream()
        .map(result -> result.field(expression))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** The child with results for those open calls that need its columns only. */
  private static LogicalPlan evaluateOver(
      LogicalPlan child, List<WantedCall> open, List<CallResult> results) {
    LogicalPlan plan = child;
    List<OnnxPredict> fresh = new ArrayList<>();
    for (WantedCall wanted : List.copyOf(open)) {
      if (wanted.call().references().subsetOf(child.outputSet())) {
        open.remove(wanted);
        OnnxPredict call = wanted.onItsRows();
        ExistingResult existing =
            ExistingResult.find(plan, wanted.call(), call.condition().getOrElse(() -> null));
        if (existing == null) {
          fresh.add(call);
        } else {
          results.add(CallResult.of(call, existing.made(), existing.attribute()));
          plan = existing.plan();
        }
      }
    }
    return fresh.isEmpty() ? plan : evaluate(fresh, plan, results);
  }

  private static LogicalPlan evaluate(
      List<OnnxPredict> calls, LogicalPlan child, List<CallResult> results) {
    List<OnnxPredict> made = UniteOutputs.apply(calls);
    List<Attribute> attributes = made.stream().map(OnnxEval::resultOf).toList();
    for (OnnxPredict call : calls) {
      int i = 0;
      while (!UniteOutputs.isPartOf(made.get(i), call)) {
        i++;
      }
      results.add(CallResult.of(call, made.get(i), attributes.get(i)));
    }
    return EvalBelowExpand.place(made, attributes, child);
  }
}
