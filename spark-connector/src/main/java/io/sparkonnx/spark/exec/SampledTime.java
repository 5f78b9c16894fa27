package io.sparkonnx.spark.exec;

import org.apache.spark.sql.execution.metric.SQLMetric;

/**
 * Time of work that is done row by row, where looking at the clock would take longer than the work:
 * every {@value #EVERY}th piece is timed and counts for as many. The first counts for itself, since
 * it loads classes.
 */
final class SampledTime {
  private static final int EVERY = 32;

  private final SQLMetric metric;
  private long pieces;
  private long start;

  SampledTime(SQLMetric metric) {
    this.metric = metric;
  }

  void begin() {
    if (pieces % EVERY == 0) {
      start = System.nanoTime();
    }
  }

  void end() {
    if (pieces % EVERY == 0) {
      metric.add((pieces == 0 ? 1 : EVERY) * (System.nanoTime() - start));
    }
    pieces++;
  }
}
