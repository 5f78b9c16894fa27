package io.sparkonnx.spark.score;

import java.util.List;
import java.util.Map;

/**
 * A scoring job as it was described.
 *
 * @param model location, short name or name in the zoo
 * @param sha256 the hash that the model must have, or null
 * @param input where rows come from
 * @param filter a condition in SQL on the rows that are scored, or null
 * @param mapping expressions in SQL by the model's inputs, several separated by commas; empty to
 *     take the columns that carry the inputs' names
 * @param column name of the column that is added
 * @param passThrough columns of the input that are kept; empty for all
 * @param output where rows go
 * @param window the span of time that is scored, or null
 * @param backfill which runs are made of the job, or null for one
 * @param incremental whether runs are made of what is new since the last start
 * @param badRows what becomes of rows that the model cannot take
 * @param lineage whether columns say by which model and when a row was scored
 * @param runId names the run, or null for a new name
 * @param settings of the session
 */
public record JobSpec(
    String model,
    String sha256,
    JobInput input,
    String filter,
    Map<String, String> mapping,
    String column,
    List<String> passThrough,
    JobOutput output,
    TimeWindow window,
    Backfill backfill,
    boolean incremental,
    BadRows badRows,
    boolean lineage,
    String runId,
    Map<String, String> settings) {

  /** The model with the hash that it must have. */
  String pinnedModel() {
    return sha256 == null ? model : model + "@sha256:" + sha256;
  }
}
