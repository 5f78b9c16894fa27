package io.sparkonnx.gpu.spark;

import io.sparkonnx.gpu.DeviceBudget;
import io.sparkonnx.gpu.FoundDevice;
import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.GpuException.Code;
import java.util.OptionalLong;
import org.apache.spark.SparkConf;

/**
 * The application's settings of device memory.
 *
 * @param share an executor's share of each device, over 0, at most 1
 * @param memoryBytes an executor's bytes of each device, instead of a share
 * @param reserveBytes the part of it that stays free
 */
public record GpuSettings(double share, OptionalLong memoryBytes, long reserveBytes) {
  private static final String TASK_AMOUNT = "spark.task.resource.gpu.amount";

  public static final String SHARE = "spark.onnx.gpu.share";
  public static final String MEMORY = "spark.onnx.gpu.memory";
  public static final String RESERVE = "spark.onnx.gpu.reserve";

  /**
   * @throws GpuException INVALID_SETTING if a value cannot be read, no device can fulfil it, or
   *     share and memory are both set
   */
  static GpuSettings of(SparkConf conf) {
    if (conf.contains(SHARE) && conf.contains(MEMORY)) {
      throw new GpuException(
          Code.INVALID_SETTING, SHARE + " and " + MEMORY + " are both set; one of them is wanted");
    }
    try {
      GpuSettings settings =
          new GpuSettings(
              conf.getDouble(SHARE, 1),
              conf.contains(MEMORY)
                  ? OptionalLong.of(conf.getSizeAsBytes(MEMORY))
                  : OptionalLong.empty(),
              conf.getSizeAsBytes(RESERVE, "0"));
      settings.check();
      return settings;
    } catch (IllegalArgumentException unreadable) {
      throw new GpuException(
          Code.INVALID_SETTING, "device memory settings: " + unreadable.getMessage(), unreadable);
    }
  }

  /**
   * Refuses settings with which an application would fail later or hang.
   *
   * @throws GpuException INVALID_SETTING
   */
  public static void check(String master, SparkConf conf) {
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
    of(conf);
  }

  /** Refuses what no device can fulfil. */
  private void check() {
    if (!(share > 0 && share <= 1)) {
      throw new GpuException(
          Code.INVALID_SETTING, SHARE + " is " + share + ", but shares are over 0 and at most 1");
    }
    if (reserveBytes < 0) {
      throw new GpuException(
          Code.INVALID_SETTING, RESERVE + " is " + reserveBytes + " bytes, which is below 0");
    }
    if (memoryBytes.isPresent() && memoryBytes.getAsLong() <= reserveBytes) {
      throw new GpuException(
          Code.INVALID_SETTING,
          MEMORY
              + " is "
              + memoryBytes.getAsLong()
              + " bytes, of which "
              + RESERVE
              + " keeps "
              + reserveBytes
              + " free");
    }
  }

  DeviceBudget budget(FoundDevice device) {
    return memoryBytes.isPresent()
        ? DeviceBudget.ofBytes(
            device.name(), device.memoryBytes(), memoryBytes.getAsLong(), reserveBytes)
        : DeviceBudget.ofShare(device.name(), device.memoryBytes(), share, reserveBytes);
  }
}
