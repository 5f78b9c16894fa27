package io.sparkonnx.spark.ui;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;
import org.apache.spark.util.kvstore.KVIndex;

/**
 * What an application did with models, of all its queries.
 *
 * @param rows scored over time
 * @param totals of the metrics, by their names
 * @param batchSizes batches by size: element i counts those of up to 2^i rows, on average in a task
 * @param deviceBatches batches by where they ran
 * @param models names of the models by SHA-256
 * @param executors what each did
 * @param badRows samples of errors, the latest last
 */
public record ApplicationUse(
    RowsOverTime rows,
    Map<String, Long> totals,
    List<Long> batchSizes,
    Map<String, Long> deviceBatches,
    Map<String, String> models,
    List<ExecutorUse> executors,
    List<String> badRows) {
  static final String KEY = "application";

  @KVIndex
  @JsonIgnore
  public String key() {
    return KEY;
  }
}
