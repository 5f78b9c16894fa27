package io.sparkonnx.spark.ui;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;
import org.apache.spark.util.kvstore.KVIndex;

/**
 * What one node of a query did.
 *
 * @param node greater for nodes executed later
 * @param execution of the query in Spark's SQL tab, -1 for none
 * @param started in milliseconds since 1970
 * @param updated when the last tasks told of their work, likewise
 * @param calls of the node
 * @param devices names of the devices, empty where the driver knows none
 * @param tasks that ended
 * @param totals of the metrics, by their names
 * @param badRows samples of errors
 */
public record QueryUse(
    long node,
    long execution,
    long started,
    long updated,
    List<ModelCall> calls,
    List<String> devices,
    long tasks,
    Map<String, Long> totals,
    List<String> badRows) {

  @KVIndex
  @JsonIgnore
  public long key() {
    return node;
  }
}
