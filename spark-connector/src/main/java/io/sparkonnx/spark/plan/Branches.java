package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.plan.Guard.Test;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.CaseWhen;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.KnownNotNull;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.NaNvl;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MergeRows;
import org.apache.spark.sql.catalyst.plans.logical.MergeRows.Instruction;
import scala.collection.immutable.Seq;

/** Walks expressions with the guard under which each part of them is evaluated. */
final class Branches {
  private Branches() {}

  /**
   * The node with a rule applied to the calls in its expressions that have no calls in their
   * arguments; null keeps a call. What has no NULL keeps none, though a call's result is NULL
   * outside its branch.
   */
  static LogicalPlan replace(LogicalPlan node, BiFunction<OnnxPredict, Guard, Expression> rule) {
    Map<Expression, Guard> guards =
        node instanceof MergeRows merge ? ofInstructions(merge) : Map.of();
    boolean condition = node instanceof Filter || node instanceof Join;
    return (LogicalPlan)
        node.mapExpressions(
            e -> replace(e, guards.getOrDefault(e, Guard.NONE), condition, condition, rule));
  }

  /** Tells of each column that a node reads and of the guard under which it does. */
  static void visitColumns(LogicalPlan node, BiConsumer<Attribute, Guard> visitor) {
    for (Expression expression : Sequences.list(node.expressions())) {
      visitColumns(expression, Guard.NONE, visitor);
    }
  }

  private static void visitColumns(
      Expression expression, Guard guard, BiConsumer<Attribute, Guard> visitor) {
    if (expression instanceof Attribute column) {
      visitor.accept(column, guard);
      return;
    }
    BiConsumer<Attribute, Guard> inner =
        expression instanceof LambdaFunction
            ? (column, inside) -> visitor.accept(column, guard)
            : visitor;
    List<Expression> children = Sequences.list(expression.children());
    List<Guard> guards = ofChildren(expression, children, guard, false);
    for (int i = 0; i < children.size(); i++) {
      visitColumns(children.get(i), guards.get(i), inner);
    }
  }

  /**
   * @param condition whether the root is one, whose AND and OR other rules must recognize
   * @param truth whether it only matters if the expression is true, so that NULL is as false
   */
  private static Expression replace(
      Expression expression,
      Guard guard,
      boolean condition,
      boolean truth,
      BiFunction<OnnxPredict, Guard, Expression> rule) {
    if (!Calls.in(expression)) {
      return expression;
    }
    if (expression instanceof OnnxPredict call && !call.arguments().exists(Calls::in)) {
      Expression replaced = rule.apply(call, guard);
      return replaced == null ? call : replaced;
    }
    // What guards a call inside a lambda depends on the lambda's variables.
    BiFunction<OnnxPredict, Guard, Expression> inner =
        expression instanceof LambdaFunction ? (call, inside) -> rule.apply(call, guard) : rule;
    List<Expression> children = Sequences.list(expression.children());
    List<Guard> guards = ofChildren(expression, children, guard, truth);
    List<Expression> replaced = new ArrayList<>();
    boolean changed = false;
    for (int i = 0; i < children.size(); i++) {
      boolean truthOfChild = (truth && isLogic(expression)) || decides(expression, i);
      replaced.add(replace(children.get(i), guards.get(i), condition, truthOfChild, inner));
      changed |= replaced.get(i) != children.get(i);
    }
    if (!changed) {
      return expression;
    }
    Expression whole = expression.withNewChildren(Sequences.seq(replaced));
    boolean onAllRows = guard.terms().isEmpty() && !(condition && isLogic(expression));
    return onAllRows && whole.nullable() && !expression.nullable()
        ? new KnownNotNull(whole)
        : whole;
  }

  private static boolean isLogic(Expression expression) {
    return expression instanceof And || expression instanceof Or;
  }

  /** Whether a child is what an expression takes one of its branches by. */
  private static boolean decides(Expression expression, int child) {
    return (expression instanceof If && child == 0)
        || (expression instanceof CaseWhen choice
            && child % 2 == 0
            && child < 2 * choice.branches().size());
  }

  private static List<Guard> ofChildren(
      Expression expression, List<Expression> children, Guard guard, boolean truth) {
    if (expression instanceof If choice) {
      return List.of(
          guard,
          guard.and(choice.predicate(), Test.TRUE),
          guard.and(choice.predicate(), Test.NOT_TRUE));
    }
    if (expression instanceof CaseWhen) {
      return ofCases(children, guard);
    }
    if (expression instanceof Coalesce) {
      return oneAfterTheOther(children, guard, Test.NULL);
    }
    if (expression instanceof And) {
      return oneAfterTheOther(children, guard, truth ? Test.TRUE : Test.NOT_FALSE);
    }
    if (expression instanceof Or) {
      return oneAfterTheOther(children, guard, Test.NOT_TRUE);
    }
    if (expression instanceof NaNvl) {
      return oneAfterTheOther(children, guard, Test.NAN);
    }
    if (expression instanceof Instruction instruction) {
      Guard taken = guard.and(instruction.condition(), Test.TRUE);
      List<Guard> guards = new ArrayList<>(Collections.nCopies(children.size(), taken));
      guards.set(0, guard);
      return guards;
    }
    if (expression instanceof AggregateExpression aggregate) {
      Guard filtered =
          aggregate.filter().isEmpty()
              ? Guard.NONE
              : Guard.NONE.and(aggregate.filter().get(), Test.TRUE);
      return children.size() == 1 ? List.of(filtered) : List.of(filtered, Guard.NONE);
    }
    Guard own = expression instanceof WindowExpression ? Guard.NONE : guard;
    return Collections.nCopies(children.size(), own);
  }

  /** Condition, value, condition, value, …, and perhaps the value of ELSE. */
  private static List<Guard> ofCases(List<Expression> children, Guard guard) {
    List<Guard> guards = new ArrayList<>();
    Guard open = guard;
    for (int i = 0; i + 1 < children.size(); i += 2) {
      guards.add(open);
      guards.add(open.and(children.get(i), Test.TRUE));
      open = open.and(children.get(i), Test.NOT_TRUE);
    }
    if (guards.size() < children.size()) {
      guards.add(open);
    }
    return guards;
  }

  /** Each child is evaluated only where the ones before it leave the result open. */
  private static List<Guard> oneAfterTheOther(List<Expression> children, Guard guard, Test open) {
    List<Guard> guards = new ArrayList<>();
    Guard next = guard;
    for (Expression child : children) {
      guards.add(next);
      next = next.and(child, open);
    }
    return guards;
  }

  /** The first instruction whose condition holds is carried out. */
  private static Map<Expression, Guard> ofInstructions(MergeRows merge) {
    Expression source = merge.isSourceRowPresent();
    Expression target = merge.isTargetRowPresent();
    Map<Expression, Guard> guards = new IdentityHashMap<>();
    Guard inSource = Guard.NONE.and(source, Test.TRUE);
    Guard targetOnly = Guard.NONE.and(source, Test.NOT_TRUE).and(target, Test.TRUE);
    inTurn(merge.matchedInstructions(), inSource.and(target, Test.TRUE), guards);
    inTurn(merge.notMatchedInstructions(), inSource.and(target, Test.NOT_TRUE), guards);
    inTurn(merge.notMatchedBySourceInstructions(), targetOnly, guards);
    return guards;
  }

  private static void inTurn(
      Seq<Instruction> instructions, Guard first, Map<Expression, Guard> guards) {
    Guard open = first;
    for (Instruction instruction : Sequences.list(instructions)) {
      guards.put((Expression) instruction, open);
      open = open.and(instruction.condition(), Test.NOT_TRUE);
    }
  }
}
