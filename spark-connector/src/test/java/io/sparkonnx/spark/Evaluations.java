package io.sparkonnx.spark;

import io.sparkonnx.spark.exec.OnnxEvalExec;
import io.sparkonnx.spark.plan.OnnxEval;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.adaptive.QueryStageExec;
import scala.jdk.javaapi.CollectionConverters;

/** The nodes of a query that run models. */
final class Evaluations {
  private Evaluations() {}

  static QueryExecution execution(Dataset<?> frame) {
    return ((org.apache.spark.sql.classic.Dataset<?>) frame).queryExecution();
  }

  /** Physical nodes, those of stages that have run and of subqueries included. */
  static List<OnnxEvalExec> of(Dataset<?> frame) {
    List<OnnxEvalExec> found = new ArrayList<>();
    collect(execution(frame).executedPlan(), found);
    return found;
  }

  private static void collect(SparkPlan plan, List<OnnxEvalExec> found) {
    if (plan instanceof AdaptiveSparkPlanExec adaptive) {
      collect(adaptive.executedPlan(), found);
      return;
    }
    if (plan instanceof QueryStageExec stage) {
      collect(stage.plan(), found);
      return;
    }
    if (plan instanceof OnnxEvalExec eval) {
      found.add(eval);
    }
    CollectionConverters.asJava(plan.children()).forEach(child -> collect(child, found));
    CollectionConverters.asJava(plan.subqueries()).forEach(child -> collect(child, found));
  }

  /** The value of a metric over all nodes, after the query has run. */
  static long metric(Dataset<?> frame, String name) {
    return of(frame).stream().mapToLong(eval -> eval.metrics().apply(name).value()).sum();
  }

  /** Rows that models have seen. */
  static long rows(Dataset<?> frame) {
    return metric(frame, "numScoredRows");
  }

  /** The optimised plan's node names from the root down the first children. */
  static List<String> spine(Dataset<?> frame) {
    List<String> names = new ArrayList<>();
    LogicalPlan plan = execution(frame).optimizedPlan();
    while (plan != null) {
      names.add(plan instanceof OnnxEval eval ? "OnnxEval" + eval.calls().size() : plan.nodeName());
      plan = plan.children().isEmpty() ? null : plan.children().head();
    }
    return names;
  }
}
