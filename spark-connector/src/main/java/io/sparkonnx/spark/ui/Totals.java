package io.sparkonnx.spark.ui;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Sums of metrics by name; of peaks the greatest. */
final class Totals {
  static final String SCORED_ROWS = "numScoredRows";
  static final String BATCHES = "numBatches";
  static final String BAD_ROWS = "numBadRows";
  static final String LOAD = "loadTime";
  static final String CONVERT_IN = "convertInTime";
  static final String WAIT = "waitTime";
  static final String COMPUTE = "computeTime";
  static final String CONVERT_OUT = "convertOutTime";
  static final String DEVICE_BATCHES = "numDeviceBatches";
  static final String DEVICE_WAIT = "deviceWaitTime";

  private static final Set<String> PEAKS = Set.of("peakScratchBytes", "peakDeviceBytes");

  private final Map<String, Long> values = new TreeMap<>();

  /**
   * Takes a task's value in place of the one that it had before.
   *
   * @param before 0 for none
   */
  void replace(String name, long before, long now) {
    if (PEAKS.contains(name)) {
      values.merge(name, now, Math::max);
    } else {
      values.merge(name, now - before, Long::sum);
    }
  }

  Map<String, Long> values() {
    return Map.copyOf(values);
  }
}
