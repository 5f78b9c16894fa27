package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.bind.OnnxCondition;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.InnerLike;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.Option;

/**
 * Calls in a join condition that need columns of both sides run on the joined rows.
 *
 * <pre>
 * Join Inner, l.k = r.k AND onnx_predict(m, l.a, r.b) > 0  ⇒  Filter onnx_predict(m, l.a, r.b) > 0
 *                                                             +- Join Inner, l.k = r.k
 * </pre>
 */
final class TwoSidedCalls {
  private TwoSidedCalls() {}

  static boolean in(Join join) {
    return join.condition().isDefined() && in(join.condition().get(), join.left(), join.right());
  }

  static boolean in(Expression condition, LogicalPlan left, LogicalPlan right) {
    return condition.exists(
        e ->
            e instanceof OnnxPredict
                && !e.references().subsetOf(left.outputSet())
                && !e.references().subsetOf(right.outputSet()));
  }

  /** Raises ONNX_CALL_PLACE for joins other than inner ones. */
  static void checkType(Join join) {
    if (!(join.joinType() instanceof InnerLike)) {
      throw OnnxCondition.ONNX_CALL_PLACE.raise(
          "onnx_predict over columns of both sides cannot stand in the condition of a "
              + join.joinType().sql()
              + " join; join first and call it on the result");
    }
  }

  static LogicalPlan moveAbove(Join join) {
    checkType(join);
    List<Expression> above = new ArrayList<>();
    List<Expression> kept = new ArrayList<>();
    for (Expression conjunct : Conjuncts.split(join.condition().get())) {
      (in(conjunct, join.left(), join.right()) ? above : kept).add(conjunct);
    }
    Option<Expression> condition =
        kept.isEmpty() ? Option.empty() : Option.apply(Conjuncts.and(kept));
    Join below = join.copy(join.left(), join.right(), join.joinType(), condition, join.hint());
    return new Filter(Conjuncts.and(above), below);
  }
}
