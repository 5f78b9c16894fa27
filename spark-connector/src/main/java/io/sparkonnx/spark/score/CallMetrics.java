package io.sparkonnx.spark.score;

import io.sparkonnx.spark.exec.OnnxEvalExec;
import io.sparkonnx.spark.score.FailedRun.RowsSoFar;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.CommandResultExec;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec;
import org.apache.spark.sql.execution.adaptive.QueryStageExec;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.util.QueryExecutionListener;
import scala.jdk.javaapi.CollectionConverters;

/** The metrics of the node that scores, from the query that writes the rows. */
final class CallMetrics implements QueryExecutionListener, AutoCloseable {
  private static final String DEVICE_BATCHES = "numDeviceBatches";
  private static final String DEVICE_TITLE = "number of batches on ";
  private static final double NANOS = 1e9;

  /** Times of the manifest by the node's metrics. */
  private static final Map<String, String> TIMES =
      Map.of(
          "load", "loadTime",
          "convertIn", "convertInTime",
          "wait", "waitTime",
          "compute", "computeTime",
          "convertOut", "convertOutTime");

  private final SparkSession spark;
  private final CompletableFuture<OnnxEvalExec> node = new CompletableFuture<>();

  /** Listens until it is closed. */
  CallMetrics(SparkSession spark) {
    this.spark = spark;
    spark.listenerManager().register(this);
  }

  @Override
  public void onSuccess(String action, QueryExecution query, long nanos) {
    OnnxEvalExec found = find(query.executedPlan());
    if (found != null) {
      node.complete(found);
    }
  }

  @Override
  public void onFailure(String action, QueryExecution query, Exception failure) {
    onSuccess(action, query, 0);
  }

  private static OnnxEvalExec find(SparkPlan plan) {
    if (plan instanceof OnnxEvalExec eval) {
      return eval;
    }
    if (plan instanceof CommandResultExec result) {
      return find(result.commandPhysicalPlan());
    }
    if (plan instanceof AdaptiveSparkPlanExec adaptive) {
      return find(adaptive.executedPlan());
    }
    if (plan instanceof QueryStageExec stage) {
      return find(stage.plan());
    }
    for (SparkPlan child : CollectionConverters.asJava(plan.children())) {
      OnnxEvalExec found = find(child);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** Metrics by name; none where Spark planned no call, as it does for rows that cannot be. */
  private Map<String, SQLMetric> metrics() throws InterruptedException {
    return metrics(10);
  }

  private Map<String, SQLMetric> metrics(int seconds) throws InterruptedException {
    try {
      return CollectionConverters.asJava(node.get(seconds, TimeUnit.SECONDS).metrics());
    } catch (TimeoutException | ExecutionException e) {
      return Map.of();
    }
  }

  /** What tasks have told of a query that failed, or nothing. */
  RowsSoFar soFar() {
    try {
      Map<String, SQLMetric> metrics = metrics(1);
      return new RowsSoFar(value(metrics, "numOutputRows"), value(metrics, "numBadRows"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new RowsSoFar(0, 0);
    }
  }

  DeviceUse device() throws InterruptedException {
    Map<String, SQLMetric> metrics = metrics();
    SQLMetric onDevice = metrics.get(DEVICE_BATCHES);
    long batches = value(metrics, DEVICE_BATCHES);
    return new DeviceUse(
        value(metrics, "numBatches"),
        batches,
        value(metrics, "numMovedBatches"),
        batches == 0 ? null : onDevice.name().get().replace(DEVICE_TITLE, ""));
  }

  /** Seconds by what they were spent on, summed over tasks. */
  Map<String, Double> seconds() throws InterruptedException {
    Map<String, SQLMetric> metrics = metrics();
    Map<String, Double> seconds = new LinkedHashMap<>();
    TIMES.forEach((time, metric) -> seconds.put(time, value(metrics, metric) / NANOS));
    return seconds;
  }

  private static long value(Map<String, SQLMetric> metrics, String name) {
    SQLMetric metric = metrics.get(name);
    return metric == null ? 0 : Math.max(0, metric.value());
  }

  @Override
  public void close() {
    spark.listenerManager().unregister(this);
  }
}
