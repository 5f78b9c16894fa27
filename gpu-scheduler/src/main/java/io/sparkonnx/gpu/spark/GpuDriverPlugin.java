package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.GpuException.Code;
import java.util.HashSet;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import scala.jdk.javaapi.CollectionConverters;

/** Refuses settings with which the application would fail later or hang, and hears executors. */
final class GpuDriverPlugin implements DriverPlugin {
  private static final String TASK_AMOUNT = "spark.task.resource.gpu.amount";

  private final ExecutorReports reports = new ExecutorReports();
  private SparkContext spark;

  @Override
  public Map<String, String> init(SparkContext spark, PluginContext context) {
    check(spark.master(), context.conf());
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

  /**
   * @throws GpuException INVALID_SETTING
   */
  static void check(String master, SparkConf conf) {
    boolean local = master.equals("local") || master.startsWith("local[");
    if (local && conf.contains(TASK_AMOUNT)) {
      throw new GpuException(
          Code.INVALID_SETTING,
          TASK_AMOUNT
              + " is set with the master "
              + master
              + ", where Spark gives no resources and its tasks would wait for ever: leave it out,"
              + " devices are found without it");
    }
    GpuSettings.of(conf);
  }
}
