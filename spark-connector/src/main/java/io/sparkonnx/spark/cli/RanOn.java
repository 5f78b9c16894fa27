package io.sparkonnx.spark.cli;

import io.sparkonnx.spark.exec.DevicesUsed;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd;

/** Remembers where the models of queries ran. */
final class RanOn extends SparkListener {
  private final Set<String> names = new ConcurrentSkipListSet<>();

  @Override
  public void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof SparkListenerSQLExecutionEnd end && end.qe() != null) {
      names.addAll(DevicesUsed.of(end.qe().executedPlan()));
    }
  }

  /** Names of the devices, or {@code no device} where there was nothing to run. */
  String text() {
    return names.isEmpty() ? "no device" : String.join(" and ", names);
  }
}
