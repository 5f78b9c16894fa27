package io.sparkonnx.spark.score;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.time.Duration;
import java.time.Instant;
import org.apache.spark.SparkContext;
import org.apache.spark.metrics.source.Source;
import org.apache.spark.sql.SparkSession;

/** What jobs of an application have done, for the sinks of Spark's metrics. */
final class JobMetrics implements Source {
  private static final String NAME = "spark_onnx.job";

  /** The application whose metrics these are; guarded by the class. */
  private static SparkContext application;

  private static JobMetrics current;

  private final MetricRegistry registry = new MetricRegistry();
  private final Counter runs = registry.counter("runs");
  private final Counter failedRuns = registry.counter("failedRuns");
  private final Counter rows = registry.counter("rows");
  private final Counter badRows = registry.counter("badRows");
  private volatile double seconds;
  private volatile int status = -1;
  private volatile long ended;

  private JobMetrics() {
    gauge("lastRunSeconds", () -> seconds);
    gauge("lastRunStatus", () -> status);
    gauge("lastRunTime", () -> ended);
  }

  private <T> void gauge(String name, Gauge<T> gauge) {
    registry.register(name, gauge);
  }

  /** Those of a session's application. */
  static synchronized JobMetrics of(SparkSession spark) {
    if (application != spark.sparkContext()) {
      current = new JobMetrics();
      application = spark.sparkContext();
      application.env().metricsSystem().registerSource(current);
    }
    return current;
  }

  /** Counts a run that was made. */
  void done(RunManifest run) {
    runs.inc();
    rows.inc(run.rows().written() + run.rows().side());
    badRows.inc(run.rows().bad());
    last(run.exitStatus(), Instant.parse(run.started()));
  }

  /** Counts a run that failed. */
  void failed(Instant started) {
    failedRuns.inc();
    last(ExitStatus.FAILED, started);
  }

  private void last(ExitStatus how, Instant started) {
    seconds = Duration.between(started, Instant.now()).toMillis() / 1000.0;
    status = how.code();
    ended = Instant.now().getEpochSecond();
  }

  @Override
  public String sourceName() {
    return NAME;
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }
}
