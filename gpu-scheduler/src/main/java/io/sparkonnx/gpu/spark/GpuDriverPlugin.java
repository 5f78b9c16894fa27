package io.sparkonnx.gpu.spark;

import java.util.HashSet;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import scala.jdk.javaapi.CollectionConverters;

/** Refuses settings with which the application would fail later or hang, and hears executors. */
final class GpuDriverPlugin implements DriverPlugin {
  private final ExecutorReports reports = new ExecutorReports();
  private SparkContext spark;

  @Override
  public Map<String, String> init(SparkContext spark, PluginContext context) {
    GpuSettings.check(spark.master(), context.conf());
    this.spark = spark;
    ExecutorReports.set(spark, reports);
    spark.addSparkListener(
        new SparkListener() {
          @Override
          public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
            reports.remove(removed.executorId());
          }
        });
    return Map.of();
  }

  @Override
  public Object receive(Object message) {
    if (message instanceof ExecutorReport report) {
      return reports.add(report, alive());
    }
    if (message instanceof CostReport report) {
      reports.add(report);
    }
    return null;
  }

  /** Which executors live; what listeners hear of their ends comes later. */
  private Predicate<String> alive() {
    if (spark.isLocal()) {
      return executor -> true;
    }
    return new HashSet<>(CollectionConverters.asJava(spark.getExecutorIds()))::contains;
  }

  @Override
  public void shutdown() {
    ExecutorReports.forget(reports);
  }
}
