package io.sparkonnx.spark.store;

import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** What the SQL tab shows of a scan. Spark makes the metrics by their public constructors. */
public final class ModelMetrics {
  static final String PARSED = "modelsParsed";
  static final String BYTES_READ = "modelBytesRead";

  private ModelMetrics() {}

  /** Files that were parsed. */
  public static final class Parsed extends CustomSumMetric {
    @Override
    public String name() {
      return PARSED;
    }

    @Override
    public String description() {
      return "number of models parsed";
    }
  }

  /** Bytes that were read of all files. */
  public static final class BytesRead extends CustomSumMetric {
    @Override
    public String name() {
      return BYTES_READ;
    }

    @Override
    public String description() {
      return "bytes of models read";
    }
  }

  /** The state of a metric in one task. */
  record Value(String name, long value) implements CustomTaskMetric {}
}
