package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.device.DeviceTimes;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;

/**
 * What the SQL tab shows of a node whose calls run on a device.
 *
 * @param batches runs of a model on a device
 * @param waiting nanoseconds until the device's memory was granted
 * @param runs nanoseconds that runs on a device took
 * @param kernels nanoseconds in which the device computed
 * @param transfers nanoseconds in which it moved data to and from the host
 * @param hidden the part of these in which it computed too
 * @param occupancy percent of the runs' time in which the device computed, by task
 * @param retries runs that the device had no memory for, made again with fewer rows
 * @param moved runs on the CPU since the device failed or there was none
 * @param trial nanoseconds in which a call that runs on the CPU was measured on a device
 * @param peakBytes bytes of a device that one task held at most, weights not counted
 */
record DeviceMetrics(
    SQLMetric batches,
    SQLMetric waiting,
    SQLMetric runs,
    SQLMetric kernels,
    SQLMetric transfers,
    SQLMetric hidden,
    SQLMetric occupancy,
    SQLMetric retries,
    SQLMetric moved,
    SQLMetric trial,
    SQLMetric peakBytes)
    implements Serializable {

  /**
   * @param devices names of the devices, as far as they are known
   */
  static DeviceMetrics create(SparkContext context, List<String> devices) {
    String where = devices.isEmpty() ? "devices" : String.join(", ", devices);
    return new DeviceMetrics(
        SQLMetrics.createMetric(context, "number of batches on " + where),
        SQLMetrics.createNanoTimingMetric(context, "time to wait for device memory", -1),
        SQLMetrics.createNanoTimingMetric(context, "time of runs on the device", -1),
        SQLMetrics.createNanoTimingMetric(context, "time the device computed", -1),
        SQLMetrics.createNanoTimingMetric(context, "time of transfers", -1),
        SQLMetrics.createNanoTimingMetric(context, "time of transfers beside computing", -1),
        SQLMetrics.createAverageMetric(context, "device occupancy in percent"),
        SQLMetrics.createMetric(context, "number of batches halved for device memory"),
        SQLMetrics.createMetric(context, "number of batches moved to the CPU"),
        SQLMetrics.createNanoTimingMetric(context, "time to try a device", -1),
        SQLMetrics.createSizeMetric(context, "peak device memory", -1));
  }

  /** Metrics that nobody sees. */
  static DeviceMetrics unseen() {
    return new DeviceMetrics(
        unseen("sum"),
        unseen("nsTiming"),
        unseen("nsTiming"),
        unseen("nsTiming"),
        unseen("nsTiming"),
        unseen("nsTiming"),
        unseen("average"),
        unseen("sum"),
        unseen("sum"),
        unseen("nsTiming"),
        unseen("size"));
  }

  private static SQLMetric unseen(String type) {
    return new SQLMetric(type, 0);
  }

  /**
   * Counts a run.
   *
   * @param nanos that it took
   * @param times what the device did in it
   */
  void addRun(long nanos, DeviceTimes times) {
    runs.add(nanos);
    kernels.add(times.kernelNanos());
    transfers.add(times.transferNanos());
    hidden.add(times.overlapNanos());
    occupancy.set(100.0 * kernels.value() / Math.max(1, runs.value()));
  }

  void addTo(Map<String, SQLMetric> byName) {
    byName.put("numDeviceBatches", batches);
    byName.put("deviceWaitTime", waiting);
    byName.put("deviceTime", runs);
    byName.put("deviceKernelTime", kernels);
    byName.put("deviceTransferTime", transfers);
    byName.put("deviceHiddenTime", hidden);
    byName.put("deviceOccupancyPercent", occupancy);
    byName.put("numDeviceRetries", retries);
    byName.put("numMovedBatches", moved);
    byName.put("deviceTrialTime", trial);
    byName.put("peakDeviceBytes", peakBytes);
  }
}
