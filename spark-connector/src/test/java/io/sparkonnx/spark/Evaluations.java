package io.sparkonnx.spark;

import io.sparkonnx.spark.exec.OnnxEvalExec;
import io.sparkonnx.spark.plan.OnnxEval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.CommandResultExec;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.adaptive.QueryStageExec;
import org.apache.spark.sql.execution.columnar.InMemoryTableScanExec;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd;
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

  /** The nodes of everything that an action runs, commands and streams included. */
  static List<OnnxEvalExec> during(SparkSession spark, Runnable action) {
    List<OnnxEvalExec> found = new ArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onOtherEvent(SparkListenerEvent event) {
            if (event instanceof SparkListenerSQLExecutionEnd end && end.qe() != null) {
              collect(end.qe().executedPlan(), found);
            }
          }
        };
    waitForEvents(spark);
    spark.sparkContext().addSparkListener(listener);
    try {
      action.run();
      waitForEvents(spark);
    } finally {
      spark.sparkContext().removeSparkListener(listener);
    }
    Set<OnnxEvalExec> once = Collections.newSetFromMap(new IdentityHashMap<>());
    return found.stream().filter(once::add).toList();
  }

  private static void waitForEvents(SparkSession spark) {
    try {
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } catch (TimeoutException e) {
      throw new IllegalStateException("Spark's events do not end", e);
    }
  }

  private static void collect(SparkPlan plan, List<OnnxEvalExec> found) {
    if (plan instanceof CommandResultExec result) {
      collect(result.commandPhysicalPlan(), found);
      return;
    }
    if (plan instanceof InMemoryTableScanExec scan) {
      collect(scan.relation().cachedPlan(), found);
      return;
    }
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
    return metric(of(frame), name);
  }

  private static long metric(List<OnnxEvalExec> nodes, String name) {
    return nodes.stream().mapToLong(eval -> eval.metrics().apply(name).value()).sum();
  }

  /** Rows that these nodes have given to models. */
  static long rows(List<OnnxEvalExec> nodes) {
    return metric(nodes, "numScoredRows");
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
