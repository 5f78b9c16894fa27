package io.sparkonnx.spark.plan;

import io.sparkonnx.spark.OnnxConf;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Repartition;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.internal.SQLConf;

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
 * stop after the first partitions. Elsewhere a large one without a sort is spread over tasks again,
 * since a global limit gives all its rows to one.
 */
final class PushLimitBelowEval {
  private static final int BATCHES_OF_TASK = 4;

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
      LogicalPlan exchanged = exchange(plan);
      int tasks = tasks(plan);
      return everywhere(
          tasks == 1 ? exchanged : below(new Repartition(tasks, true, plan), exchanged));
    }
    return plan.mapChildren(PushLimitBelowEval::everywhere);
  }

  /** How many tasks are to score what a limit lets through, which arrives in one. */
  private static int tasks(LogicalPlan limit) {
    if (!(limit instanceof GlobalLimit) || limit.isStreaming() || sorted(limit)) {
      return 1;
    }
    SQLConf conf = SQLConf.get();
    long rows = limit.maxRows().isEmpty() ? 0 : (Long) limit.maxRows().get();
    long rowsOfTask = (long) BATCHES_OF_TASK * OnnxConf.of(conf).batchSize();
    return (int) Math.max(1, Math.min(conf.numShufflePartitions(), rows / rowsOfTask));
  }

  /** Moves the limits at the top of a plan, in their order, below the nodes under them. */
  private static LogicalPlan exchange(LogicalPlan limit) {
    LogicalPlan child = limit.children().head();
    return below(limit, isLimit(child) ? exchange(child) : child);
  }

  /**
   * The plan with a limit moved below its evaluations and the projections among them. A projection
   * that depends on where it runs, as one that asks for the file of a row does, stays below.
   */
  private static LogicalPlan below(LogicalPlan limit, LogicalPlan plan) {
    if ((plan instanceof Project project && project.deterministic()) || plan instanceof OnnxEval) {
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
