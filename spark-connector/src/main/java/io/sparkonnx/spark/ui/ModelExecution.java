package io.sparkonnx.spark.ui;

import java.util.List;
import java.util.Map;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * Tells listeners, and the event log, that a node which runs models is executed.
 *
 * @param node a number of this execution, less than those of later ones
 * @param execution of the query in Spark's SQL tab, -1 for none
 * @param time in milliseconds since 1970
 * @param calls of the node
 * @param devices names of the devices, empty where the driver knows none
 * @param metrics ids of the node's accumulators by the names of its metrics
 * @param badRows id of the accumulator that has samples of errors
 */
public record ModelExecution(
    long node,
    long execution,
    long time,
    List<ModelCall> calls,
    List<String> devices,
    Map<String, Long> metrics,
    long badRows)
    implements SparkListenerEvent {

  /** Id of the accumulator that counts the rows given to models. */
  public long scoredRows() {
    return metrics.get(Totals.SCORED_ROWS);
  }
}
