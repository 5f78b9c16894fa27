package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.bind.OnnxCondition;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.CheckConstraint;
import org.apache.spark.sql.catalyst.expressions.CheckInvariant;
import org.apache.spark.sql.catalyst.expressions.Exists;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.ListQuery;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.NamedLambdaVariable;
import org.apache.spark.sql.catalyst.expressions.OuterReference;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.InsertOnlyMerge;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.MergeRows;
import org.apache.spark.sql.catalyst.plans.logical.RowLevelWrite;
import org.apache.spark.sql.catalyst.plans.logical.V2CreateTablePlan;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/** Refuses calls at analysis that no batch can be made for, and says what to write instead. */
public final class CheckCalls extends AbstractFunction1<LogicalPlan, BoxedUnit> {
  @Override
  public BoxedUnit apply(LogicalPlan plan) {
    plan.foreach(
        node -> {
          check(node);
          return BoxedUnit.UNIT;
        });
    return BoxedUnit.UNIT;
  }

  private static void check(LogicalPlan node) {
    if (node instanceof V2CreateTablePlan table) {
      TableDefinitions.check(table);
    }
    String constraint = DeltaCommands.addedConstraint(node);
    if (constraint != null) {
      TableDefinitions.checkConstraint(constraint);
    }
    if (node instanceof RowLevelWrite) {
      return;
    }
    if (node.expressions().exists(CheckCalls::isInPredicateSubquery)) {
      throw refused(
          "over columns of the outer query and of the subquery cannot stand in EXISTS or IN",
          "join the two and call it on the result");
    }
    boolean merges = isMerge(node) && node.children().exists(CheckCalls::joinsByTwoSides);
    if (merges || DeltaCommands.mergesByTwoSides(node)) {
      throw refused(
          "over columns of both tables cannot stand in the ON condition of MERGE",
          "join the tables in the source query and call it there");
    }
    if (Calls.in(node)) {
      checkCalls(node);
    }
  }

  private static void checkCalls(LogicalPlan node) {
    if (node.expressions().exists(CheckCalls::isInLambda)) {
      throw refused(
          "cannot be called in a lambda function",
          "explode the array, call it on the rows and collect them again");
    }
    if (node.expressions().exists(CheckCalls::isInConstraint)) {
      throw TableDefinitions.inConstraint();
    }
    if (node instanceof Command && !DeltaCommands.is(node)) {
      throw refused(
          "cannot be called in " + node.nodeName(),
          "compute it in a query first and use its column");
    }
    if (node instanceof Join join && TwoSidedCalls.in(join)) {
      TwoSidedCalls.checkType(join);
    }
  }

  static RuntimeException refused(String problem, String instead) {
    return OnnxCondition.ONNX_CALL_PLACE.raise("onnx_predict " + problem + "; " + instead);
  }

  /** Whether an expression needs a variable of a lambda around it. */
  private static boolean hasFreeVariable(Expression expression, Set<ExprId> bound) {
    if (expression instanceof NamedLambdaVariable variable) {
      return !bound.contains(variable.exprId());
    }
    Set<ExprId> within = bound;
    if (expression instanceof LambdaFunction lambda) {
      within = new HashSet<>(bound);
      for (NamedExpression argument : Sequences.list(lambda.arguments())) {
        within.add(argument.exprId());
      }
    }
    for (Expression child : Sequences.list(expression.children())) {
      if (hasFreeVariable(child, within)) {
        return true;
      }
    }
    return false;
  }

  /** A call in a lambda that does not need the lambda's variables runs before it. */
  private static boolean isInLambda(Expression expression) {
    return expression.exists(e -> e instanceof OnnxPredict call && hasFreeVariable(call, Set.of()));
  }

  private static boolean isInConstraint(Expression expression) {
    return expression.exists(
        e -> (e instanceof CheckConstraint || e instanceof CheckInvariant) && Calls.in(e));
  }

  private static boolean isInPredicateSubquery(Expression expression) {
    return expression.exists(
        e ->
            (e instanceof Exists || e instanceof ListQuery)
                && ((SubqueryExpression) e)
                    .plan()
                    .exists(node -> node.expressions().exists(CheckCalls::needsOuterAndInner)));
  }

  private static boolean needsOuterAndInner(Expression expression) {
    return expression.exists(
        e ->
            e instanceof OnnxPredict call
                && call.exists(inner -> inner instanceof OuterReference)
                && !call.references().isEmpty());
  }

  private static boolean isMerge(LogicalPlan node) {
    return node instanceof MergeRows || node instanceof InsertOnlyMerge;
  }

  /** Whether a join that MERGE has made stands at the top of its query. */
  private static boolean joinsByTwoSides(LogicalPlan query) {
    if (query instanceof Join join) {
      return TwoSidedCalls.in(join);
    }
    return query.children().size() == 1
        && !(isMerge(query))
        && joinsByTwoSides(query.children().head());
  }
}
