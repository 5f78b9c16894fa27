package io.sparkonnx.spark.plan;

import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;

/**
 * Scores no more rows than a limit above lets through. A node gives one row for one row in the same
 * order, so a limit may change places with it.
 *
 * <pre>
 * GlobalLimit 10                    Project [prediction AS s]
 * +- LocalLimit 10                  +- OnnxEval
 *    +- Project [prediction AS s]      +- GlobalLimit 10
 *       +- OnnxEval                ⇒     +- LocalLimit 10
 *          +- Sort [x]                       +- Sort [x]
 * </pre>
 *
 * At the root of a query without a sort only the local limit goes down, so that Spark can still
 * stop after the first partitions.
 */
final class PushLimitBelowEval {
  private PushLimitBelowEval() {}

  static LogicalPlan apply(LogicalPlan plan) {
    boolean root = plan instanceof GlobalLimit || plan instanceof LocalLimit;
    if (root && !sorted(plan)) {
      return plan.mapChildren(child -> keepingGlobal(child));
    }
    return everywhere(plan);
  }

  private static LogicalPlan keepingGlobal(LogicalPlan plan) {
    if (plan instanceof LocalLimit limit && isOverEval(limit.child())) {
      return new LocalLimit(limit.limitExpr(), below(limit, everywhere(limit.child())));
    }
    return everywhere(plan);
  }

  private static LogicalPlan everywhere(LogicalPlan plan) {
    if (isLimit(plan) && isOverEval(plan.children().head())) {
      return everywhere(exchange(plan));
    }
    return plan.mapChildren(PushLimitBelowEval::everywhere);
  }

  /** Moves the limits at the top of a plan, in their order, below the nodes under them. */
  private static LogicalPlan exchange(LogicalPlan limit) {
    LogicalPlan child = limit.children().head();
    return below(limit, isLimit(child) ? exchange(child) : child);
  }

  /** The plan with a limit moved below its projections and evaluations. */
  private static LogicalPlan below(LogicalPlan limit, LogicalPlan plan) {
    if (plan instanceof Project || plan instanceof OnnxEval) {
      return plan.mapChildren(child -> below(limit, child));
    }
    return limit.withNewChildren(Sequences.of(plan));
  }

  private static boolean isLimit(LogicalPlan plan) {
    return plan instanceof GlobalLimit || plan instanceof LocalLimit || plan instanceof Offset;
  }

  private static boolean isOverEval(LogicalPlan plan) {
    if (plan instanceof OnnxEval) {
      return true;
    }
    boolean passes = (plan instanceof Project project && project.deterministic()) || isLimit(plan);
    return passes && isOverEval(plan.children().head());
  }

  private static boolean sorted(LogicalPlan plan) {
    boolean passes = plan instanceof Project || plan instanceof OnnxEval || isLimit(plan);
    return plan instanceof Sort || (passes && sorted(plan.children().head()));
  }
}
