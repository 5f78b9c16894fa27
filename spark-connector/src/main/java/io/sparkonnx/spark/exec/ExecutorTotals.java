package io.sparkonnx.spark.exec;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.source.Source;

/** What models have done in this JVM, for the sinks of Spark's metrics. */
final class ExecutorTotals implements Source {
  /** The application whose totals these are; guarded by the class. */
  private static SparkEnv environment;

  private static ExecutorTotals current;

  private final MetricRegistry registry = new MetricRegistry();
  private final Counter rows = registry.counter("rows");
  private final Counter badRows = registry.counter("badRows");
  private final Counter batches = registry.counter("batches");

  private ExecutorTotals() {}

  /** Those of this JVM's application, which its sinks show from the first call on. */
  static synchronized ExecutorTotals current() {
    SparkEnv now = SparkEnv.get();
    if (current == null || environment != now) {
      current = new ExecutorTotals();
      environment = now;
      if (now != null) {
        now.metricsSystem().registerSource(current);
      }
    }
    return current;
  }

  /** Rows given to models. */
  Counter rows() {
    return rows;
  }

  /** Rows that lenient calls gave NULL for. */
  Counter badRows() {
    return badRows;
  }

  /** Runs of a model. */
  Counter batches() {
    return batches;
  }

  @Override
  public String sourceName() {
    return "spark_onnx";
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }
}
