package io.sparkonnx.spark.exec;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;

/**
 * What the SQL tab shows of a node.
 *
 * @param rows rows put out
 * @param scoredRows rows given to models, over all calls
 * @param batches runs of a model
 * @param badRows rows that lenient calls gave NULL for
 * @param load nanoseconds until the models were there
 * @param convertIn nanoseconds to gather columns, the child's own work excluded where it can be
 * @param waiting nanoseconds until Spark's memory manager gave memory
 * @param compute nanoseconds in the engine
 * @param convertOut nanoseconds to write results into rows
 * @param inputBytes bytes of the tensors that models were given
 * @param copiedIn bytes written on the way from the child's rows or columns to those tensors
 * @param outputBytes bytes of the tensors that models gave
 * @param copiedOut bytes written to put results into rows, beside the child's values; none for
 *     columns
 * @param peakScratch bytes of gathered rows, working memory and results at most
 * @param padded elements of inputs whose sequences were padded, padding included
 * @param padding elements of these that were added
 * @param paddingShare percent of the elements that were added, by task
 * @param errors of bad rows
 * @param device what happened on devices
 */
record TaskMetrics(
    SQLMetric rows,
    SQLMetric scoredRows,
    SQLMetric batches,
    SQLMetric badRows,
    SQLMetric load,
    SQLMetric convertIn,
    SQLMetric waiting,
    SQLMetric compute,
    SQLMetric convertOut,
    SQLMetric inputBytes,
    SQLMetric copiedIn,
    SQLMetric outputBytes,
    SQLMetric copiedOut,
    SQLMetric peakScratch,
    SQLMetric padded,
    SQLMetric padding,
    SQLMetric paddingShare,
    BadRowSamples errors,
    DeviceMetrics device)
    implements Serializable {

  /**
   * @param devices names of the devices that calls run on, as far as they are known
   */
  static TaskMetrics create(SparkContext context, List<String> devices) {
    return new TaskMetrics(
        SQLMetrics.createMetric(context, "number of output rows"),
        SQLMetrics.createMetric(context, "number of scored rows"),
        SQLMetrics.createMetric(context, "number of batches"),
        SQLMetrics.createMetric(context, "number of bad rows"),
        SQLMetrics.createNanoTimingMetric(context, "time to load the model", -1),
        SQLMetrics.createNanoTimingMetric(context, "time to convert input", -1),
        SQLMetrics.createNanoTimingMetric(context, "time to wait for memory", -1),
        SQLMetrics.createNanoTimingMetric(context, "time to compute", -1),
        SQLMetrics.createNanoTimingMetric(context, "time to convert output", -1),
        SQLMetrics.createSizeMetric(context, "model input", -1),
        SQLMetrics.createSizeMetric(context, "copied to model input", -1),
        SQLMetrics.createSizeMetric(context, "model output", -1),
        SQLMetrics.createSizeMetric(context, "copied from model output", -1),
        SQLMetrics.createSizeMetric(context, "peak scratch memory", -1),
        SQLMetrics.createMetric(context, "number of elements of padded inputs"),
        SQLMetrics.createMetric(context, "padding waste in elements"),
        SQLMetrics.createAverageMetric(context, "padding waste in percent"),
        BadRowSamples.create(context),
        DeviceMetrics.create(context, devices));
  }

  /** Counts a row that a lenient call gives NULL for. */
  void addBadRow(CallException problem) {
    badRows.add(1);
    errors.add(problem.getMessage());
  }

  /**
   * Counts a run of padded inputs.
   *
   * @param elements of the inputs, padding included
   * @param added elements of padding
   */
  void addPadding(long elements, long added) {
    padded.add(elements);
    padding.add(added);
    double share = 100.0 * padding.value() / Math.max(1, padded.value());
    paddingShare.set(share);
  }

  /**
   * The metrics by the names that plans use.
   *
   * @param withDevice whether those of devices are among them
   */
  Map<String, SQLMetric> byName(boolean withDevice) {
    Map<String, SQLMetric> byName = new LinkedHashMap<>();
    byName.put("numOutputRows", rows);
    byName.put("numScoredRows", scoredRows);
    byName.put("numBatches", batches);
    byName.put("numBadRows", badRows);
    byName.put("loadTime", load);
    byName.put("convertInTime", convertIn);
    byName.put("waitTime", waiting);
    byName.put("computeTime", compute);
    byName.put("convertOutTime", convertOut);
    byName.put("inputBytes", inputBytes);
    byName.put("copiedInBytes", copiedIn);
    byName.put("outputBytes", outputBytes);
    byName.put("copiedOutBytes", copiedOut);
    byName.put("peakScratchBytes", peakScratch);
    byName.put("numPaddedElements", padded);
    byName.put("paddingWaste", padding);
    byName.put("paddingWastePercent", paddingShare);
    if (withDevice) {
      device.addTo(byName);
    }
    return byName;
  }
}
