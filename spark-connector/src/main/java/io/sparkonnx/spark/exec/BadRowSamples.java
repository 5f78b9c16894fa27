package io.sparkonnx.spark.exec;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import org.apache.spark.util.AccumulatorV2;
import scala.Option;

/**
 * The first few errors of bad rows, a line each, shown by Spark's web UI. A task adds them while
 * its executor's heartbeats read them.
 */
final class BadRowSamples extends AccumulatorV2<String, String> {
  private static final long serialVersionUID = 1L;
  private static final int KEPT = 5;
  private static final int LENGTH = 400;

  private final List<String> errors = new ArrayList<>();

  static BadRowSamples create(SparkContext context) {
    BadRowSamples samples = new BadRowSamples();
    context.register(samples, "errors of bad rows");
    return samples;
  }

  @Override
  public synchronized boolean isZero() {
    return errors.isEmpty();
  }

  @Override
  public synchronized AccumulatorV2<String, String> copy() {
    BadRowSamples copy = new BadRowSamples();
    copy.errors.addAll(errors);
    return copy;
  }

  @Override
  public synchronized void reset() {
    errors.clear();
  }

  @Override
  public synchronized void add(String error) {
    if (errors.size() < KEPT) {
      String line = error.replaceAll("\\R", " ");
      errors.add(line.length() > LENGTH ? line.substring(0, LENGTH) + "…" : line);
    }
  }

  @Override
  public synchronized void merge(AccumulatorV2<String, String> other) {
    other.value().lines().forEach(this::add);
  }

  @Override
  public synchronized String value() {
    return String.join("\n", errors);
  }

  /** Marked as Spark marks its SQL metrics, which pages of stages do not list. */
  @Override
  public AccumulableInfo toInfo(Option<Object> update, Option<Object> value) {
    return new AccumulableInfo(
        id(), name(), update, value, true, false, SQLMetrics.cachedSQLAccumIdentifier());
  }

  @Override
  public AccumulableInfo toInfoUpdate() {
    return toInfo(Option.apply(value()), Option.empty());
  }
}
