package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.GpuException.Code;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.PluginContext;

/** Refuses settings with which the application would fail later or hang. */
final class GpuDriverPlugin implements DriverPlugin {
  private static final String TASK_AMOUNT = "spark.task.resource.gpu.amount";

  @Override
  public Map<String, String> init(SparkContext spark, PluginContext context) {
    check(spark.master(), context.conf());
    return Map.of();
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
