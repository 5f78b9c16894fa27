package io.sparkonnx.gpu.spark;

import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Device memory in Spark: named in {@code spark.plugins}, it checks settings on the driver, finds
 * the devices of each executor, lends their memory to tasks and publishes metrics.
 */
public final class OnnxGpuPlugin implements SparkPlugin {
  @Override
  public DriverPlugin driverPlugin() {
    return new GpuDriverPlugin();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new GpuExecutorPlugin();
  }
}
