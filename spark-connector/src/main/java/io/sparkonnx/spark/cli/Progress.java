package io.sparkonnx.spark.cli;

import io.sparkonnx.spark.plan.Sequences;
import io.sparkonnx.spark.ui.ModelExecution;
import io.sparkonnx.spark.ui.TaskValues;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Counts the rows that models scored while a job runs: rows, rows/s and the time that is left, on a
 * terminal as one line that changes, elsewhere as a line every few seconds.
 *
 * <p>How many rows there are follows from the tasks of a stage that have ended, so the time left is
 * not told before the first one ends.
 */
final class Progress extends SparkListener implements AutoCloseable {
  private static final long TERMINAL_NANOS = 200_000_000L;
  private static final long LOG_NANOS = 2_000_000_000L;

  private static final class Stage {
    int tasks;
    int ended;
    long endedRows;
  }

  private static final class Task {
    final Stage stage;
    long rows;

    Task(Stage stage) {
      this.stage = stage;
    }
  }

  private final PrintWriter err;
  private final boolean terminal;
  private final LongSupplier nanos;
  private final long start;
  private final Set<Long> metrics = new HashSet<>();
  private final Map<Integer, Stage> stages = new HashMap<>();
  private final Map<Long, Task> running = new HashMap<>();
  private long said;
  private int width;

  /**
   * @param terminal whether a person looks at what is written
   */
  Progress(PrintWriter err, boolean terminal) {
    this(err, terminal, System::nanoTime);
  }

  Progress(PrintWriter err, boolean terminal, LongSupplier nanos) {
    this.err = err;
    this.terminal = terminal;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
    this.said = start;
  }

  @Override
  public synchronized void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof ModelExecution execution) {
      metrics.add(execution.scoredRows());
    }
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
    stage(event.stageInfo().stageId()).tasks = event.stageInfo().numTasks();
  }

  private Stage stage(int number) {
    return stages.computeIfAbsent(number, unused -> new Stage());
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart event) {
    running.put(event.taskInfo().taskId(), new Task(stage(event.stageId())));
  }

  @Override
  public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate event) {
    for (var update : Sequences.list(event.accumUpdates())) {
      Task task = running.get((Long) update._1());
      if (task != null) {
        task.rows = rows(Sequences.list(update._4()));
      }
    }
    sayNowAndThen();
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    Task task = running.remove(event.taskInfo().taskId());
    if (task != null && event.taskInfo().successful()) {
      task.stage.ended++;
      task.stage.endedRows +=
          rows(
              event.taskMetrics() == null
                  ? Sequences.list(event.taskInfo().accumulables())
                  : TaskValues.of(event.taskMetrics()));
    }
    sayNowAndThen();
  }

  private long rows(List<AccumulableInfo> values) {
    long sum = 0;
    for (AccumulableInfo value : values) {
      if (metrics.contains(value.id()) && value.update().isDefined()) {
        // Spark's metrics are negative until they are set.
        sum += Math.max(0, Long.parseLong(value.update().get().toString()));
      }
    }
    return sum;
  }

  private void sayNowAndThen() {
    long now = nanos.getAsLong();
    String line = line(now);
    if (line.isEmpty() || now - said < (terminal ? TERMINAL_NANOS : LOG_NANOS)) {
      return;
    }
    said = now;
    if (terminal) {
      err.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
      width = line.length();
    } else {
      err.println(line);
    }
    err.flush();
  }

  /** What is known, or nothing before a row is scored. */
  private String line(long now) {
    long rows = 0;
    double expected = 0;
    boolean known = true;
    for (Stage stage : stages.values()) {
      long ofStage = stage.endedRows;
      boolean tasks = false;
      for (Task task : running.values()) {
        if (task.stage == stage) {
          ofStage += task.rows;
          tasks = true;
        }
      }
      if (ofStage > 0) {
        known &= stage.endedRows > 0 || !tasks;
        expected +=
            Math.max((double) ofStage, (double) stage.endedRows / stage.ended * stage.tasks);
      }
      rows += ofStage;
    }
    if (rows == 0) {
      return "";
    }
    double seconds = (now - start) / 1e9;
    String line = String.format(Locale.ROOT, "%,d rows, %,.0f rows/s", rows, rows / seconds);
    return known ? line + ", " + duration(seconds * (expected - rows) / rows) + " left" : line;
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60
        ? whole + " s"
        : String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60);
  }

  /** Removes the line from the terminal. */
  @Override
  public synchronized void close() {
    if (width > 0) {
      err.print("\r" + " ".repeat(width) + "\r");
      err.flush();
    }
    width = 0;
    stages.clear();
    running.clear();
  }
}
