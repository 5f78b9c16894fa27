package io.sparkonnx.gpu.placement;

import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.GpuException.Code;
import java.io.Serializable;
import java.util.Locale;

/**
 * What an executor measured with one model.
 *
 * @param tasks tasks that run at once there, at least 1
 * @param cpuSecondsPerRow a task's time for a row on the CPU, with all tasks at work; over 0
 * @param devices devices that the tasks share, at least 1
 * @param batchRows rows of a batch on a device, at least 1
 * @param upBytesPerRow bytes to the device for a row
 * @param downBytesPerRow bytes from the device for a row
 * @param bytesPerSecond speed of transfers, over 0
 * @param deviceSecondsPerRow a device's time to compute a row in such a batch
 * @param launchSeconds time to start a batch, which overlaps with nothing
 */
public record DeviceCosts(
    int tasks,
    double cpuSecondsPerRow,
    int devices,
    int batchRows,
    double upBytesPerRow,
    double downBytesPerRow,
    double bytesPerSecond,
    double deviceSecondsPerRow,
    double launchSeconds)
    implements Serializable {
  /**
   * @throws GpuException INVALID_MEASUREMENT if a figure is out of its range or no number
   */
  public DeviceCosts {
    positive("tasks", tasks);
    positive("CPU seconds per row", cpuSecondsPerRow);
    positive("devices", devices);
    positive("rows of a batch", batchRows);
    notNegative("bytes up per row", upBytesPerRow);
    notNegative("bytes down per row", downBytesPerRow);
    positive("bytes per second", bytesPerSecond);
    notNegative("device seconds per row", deviceSecondsPerRow);
    notNegative("launch seconds", launchSeconds);
    positive(
        "seconds per row on the device",
        deviceSecondsPerRow + launchSeconds + upBytesPerRow + downBytesPerRow);
  }

  /** Rows per second of all tasks together on the CPU. */
  public double cpuRowsPerSecond() {
    return tasks / cpuSecondsPerRow;
  }

  /**
   * Rows per second of all devices together. Transfers overlap with computing, in both directions
   * one after the other; launches overlap with nothing.
   */
  public double deviceRowsPerSecond() {
    double busiest = Math.max(transferSecondsPerRow(), deviceSecondsPerRow);
    return devices / (busiest + launchSeconds / batchRows);
  }

  /** Seconds for the transfers of a row, both ways. */
  public double transferSecondsPerRow() {
    return (upBytesPerRow + downBytesPerRow) / bytesPerSecond;
  }

  private static void positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw invalid(name, value, "over 0");
    }
  }

  private static void notNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw invalid(name, value, "at least 0");
    }
  }

  private static GpuException invalid(String name, double value, String range) {
    return new GpuException(
        Code.INVALID_MEASUREMENT,
        String.format(Locale.ROOT, "%s: expected a number %s, not %s", name, range, value));
  }
}
