package io.sparkonnx.spark.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts written rows and finished tasks while a job runs, and says so every few seconds. */
final class Progress extends SparkListener {
  private static final long INTERVAL_NANOS = 2_000_000_000L;

  private final PrintWriter err;
  private final long start = System.nanoTime();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicInteger tasks = new AtomicInteger();
  private final AtomicInteger submitted = new AtomicInteger();
  private final AtomicLong said = new AtomicLong(start);

  Progress(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted event) {
    submitted.addAndGet(event.stageInfo().numTasks());
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd event) {
    tasks.incrementAndGet();
    if (event.taskMetrics() != null && event.taskInfo().successful()) {
      rows.addAndGet(event.taskMetrics().outputMetrics().recordsWritten());
    }
    long now = System.nanoTime();
    long last = said.get();
    if (rows() > 0 && now - last > INTERVAL_NANOS && said.compareAndSet(last, now)) {
      err.println(line());
      err.flush();
    }
  }

  long rows() {
    return rows.get();
  }

  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  private String line() {
    return String.format(
        Locale.ROOT,
        "%d of %d tasks, %,d rows, %,.0f rows/s",
        tasks.get(),
        submitted.get(),
        rows(),
        rows() / seconds());
  }
}
