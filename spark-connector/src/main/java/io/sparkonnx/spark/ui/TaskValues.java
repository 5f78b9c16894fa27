package io.sparkonnx.spark.ui;

import io.sparkonnx.spark.plan.Sequences;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.util.AccumulatorV2;

/** The accumulators of a task that ended, as it left them. */
public final class TaskValues {
  private TaskValues() {}

  /** A live task's own values: what is written beside its end may not be complete yet. */
  public static List<AccumulableInfo> of(TaskMetrics task) {
    return task.withExternalAccums(
        accumulators -> {
          List<AccumulableInfo> values = new ArrayList<>();
          for (AccumulatorV2<?, ?> accumulator : Sequences.list(accumulators)) {
            try {
              values.add(accumulator.toInfoUpdate());
            } catch (IllegalAccessError e) {
              // Its query has ended, and nobody holds it any more.
              continue;
            }
          }
          return values;
        });
  }
}
