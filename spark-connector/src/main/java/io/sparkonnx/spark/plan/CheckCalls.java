package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.bind.OnnxCondition;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.RowLevelWrite;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/** Refuses calls at analysis that no batch can be made for. */
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
    if (!Calls.in(node)) {
      return;
    }
    if (node.expressions().exists(CheckCalls::isInLambda)) {
      throw OnnxCondition.ONNX_CALL_PLACE.raise(
          "onnx_predict cannot be called in a lambda function; explode the array, call it on the"
              + " rows and collect them again");
    }
    if (node instanceof Command && !(node instanceof RowLevelWrite)) {
      throw OnnxCondition.ONNX_CALL_PLACE.raise(
          "onnx_predict cannot be called in "
              + node.nodeName()
              + "; compute it in a query first and use its column");
    }
    if (node instanceof Join join && TwoSidedCalls.in(join)) {
      TwoSidedCalls.checkType(join);
    }
  }

  private static boolean isInLambda(Expression expression) {
    return expression.exists(e -> e instanceof LambdaFunction && Calls.in(e));
  }
}
