package io.sparkonnx.spark.ui;

import io.sparkonnx.spark.plan.Sequences;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd;
import org.apache.spark.status.ElementTrackingStore;
import scala.runtime.BoxedUnit;

/**
 * Follows tasks that run models and writes what they do into the store that Spark's pages read:
 * {@link ApplicationUse} and {@link QueryUse}.
 */
final class ModelListener extends SparkListener {
  private static final String RETAINED = "spark.sql.ui.retainedExecutions";
  private static final int RETAINED_DEFAULT = 1000;
  private static final long WRITE_MILLIS = 500;

  /** Name of the accumulator of errors, which is no metric. */
  private static final String ERRORS = "";

  /** Nodes that are followed at most; those of queries outside Spark SQL have no end. */
  private static final int FOLLOWED = 1000;

  private record Metric(NodeUse node, String name) {}

  private record TaskOfNode(long task, NodeUse node) {}

  private final ElementTrackingStore store;
  private final boolean live;
  private final int retained;
  private final Deque<Long> kept = new ArrayDeque<>();
  private final TotalUse total = new TotalUse();
  private final Map<Long, NodeUse> nodes = new LinkedHashMap<>();
  private final Map<Long, Metric> metrics = new HashMap<>();
  private final Map<Long, TaskInfo> running = new HashMap<>();
  private final Map<TaskOfNode, TaskProgress> progress = new HashMap<>();
  private long written;

  /**
   * @param live whether the application runs, rather than is replayed from its log
   */
  ModelListener(SparkConf conf, ElementTrackingStore store, boolean live) {
    this.store = store;
    this.live = live;
    this.retained = conf.getInt(RETAINED, RETAINED_DEFAULT);
    store.onFlush(
        () -> {
          flush();
          return BoxedUnit.UNIT;
        });
  }

  @Override
  public synchronized void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof ModelExecution execution) {
      start(execution);
    } else if (event instanceof SparkListenerSQLExecutionEnd end) {
      nodes.values().stream()
          .filter(node -> node.execution.execution() == end.executionId())
          .toList()
          .forEach(this::forget);
    }
  }

  private void start(ModelExecution execution) {
    NodeUse node = new NodeUse(execution);
    nodes.put(execution.node(), node);
    execution.metrics().forEach((name, id) -> metrics.put(id, new Metric(node, name)));
    metrics.put(execution.badRows(), new Metric(node, ERRORS));
    total.started(execution);
    write(node, execution.time());
    if (nodes.size() > FOLLOWED) {
      forget(nodes.values().iterator().next());
    }
    kept.add(execution.node());
    if (kept.size() > retained) {
      drop(kept.remove());
    }
  }

  private void drop(long number) {
    NodeUse node = nodes.get(number);
    if (node != null) {
      forget(node);
    }
    store.delete(QueryUse.class, number);
  }

  private void forget(NodeUse node) {
    write(node, node.updated);
    writeTotal(node.updated);
    nodes.remove(node.execution.node());
    metrics.values().removeIf(metric -> metric.node() == node);
    progress.keySet().removeIf(task -> task.node() == node);
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart event) {
    if (!nodes.isEmpty()) {
      running.put(event.taskInfo().taskId(), event.taskInfo());
    }
  }

  @Override
  public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate event) {
    long now = System.currentTimeMillis();
    for (var task : Sequences.list(event.accumUpdates())) {
      TaskInfo info = running.get((Long) task._1());
      if (info != null) {
        update(info, Sequences.list(task._4()), now)
            .forEach((node, at) -> progress.put(new TaskOfNode(info.taskId(), node), at));
      }
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
    TaskInfo info = event.taskInfo();
    if (info == null) {
      return;
    }
    running.remove(info.taskId());
    if (info.successful()) {
      List<AccumulableInfo> values =
          live && event.taskMetrics() != null
              ? TaskValues.of(event.taskMetrics())
              : Sequences.list(info.accumulables());
      update(info, values, info.finishTime())
          .forEach(
              (node, at) -> {
                node.tasks++;
                total.ended(node, at);
              });
    } else {
      takeBack(info);
    }
    progress.keySet().removeIf(task -> task.task() == info.taskId());
  }

  /** What a failed task did is done again by another. */
  private void takeBack(TaskInfo task) {
    progress.forEach(
        (of, at) -> {
          if (of.task() == task.taskId()) {
            Map<String, Long> none = new HashMap<>(at.values());
            none.replaceAll((name, value) -> 0L);
            add(of.node(), task, none, "", task.finishTime());
          }
        });
  }

  /** Takes a task's values; where it stands now, by node. */
  private Map<NodeUse, TaskProgress> update(TaskInfo task, List<AccumulableInfo> values, long now) {
    Map<NodeUse, Map<String, Long>> sums = new LinkedHashMap<>();
    Map<NodeUse, String> errors = new HashMap<>();
    for (AccumulableInfo value : values) {
      Metric metric = metrics.get(value.id());
      if (metric == null || value.update().isEmpty()) {
        continue;
      }
      Map<String, Long> ofNode = sums.computeIfAbsent(metric.node(), node -> new HashMap<>());
      String text = value.update().get().toString();
      if (metric.name().equals(ERRORS)) {
        errors.put(metric.node(), text);
      } else {
        // Spark's metrics are negative until they are set.
        ofNode.put(metric.name(), Math.max(0, Long.parseLong(text)));
      }
    }
    Map<NodeUse, TaskProgress> at = new LinkedHashMap<>();
    sums.forEach(
        (node, sum) -> at.put(node, add(node, task, sum, errors.getOrDefault(node, ""), now)));
    return at;
  }

  private TaskProgress add(
      NodeUse node, TaskInfo task, Map<String, Long> now, String errors, long time) {
    TaskProgress before =
        progress.getOrDefault(
            new TaskOfNode(task.taskId(), node),
            new TaskProgress(task.executorId(), task.host(), task.launchTime(), Map.of()));
    now.forEach((name, value) -> node.totals.replace(name, before.value(name), value));
    node.badRows.add(errors);
    node.updated = Math.max(node.updated, time);
    total.add(node, before, now, errors, time);
    writeSometimes(node, time);
    return new TaskProgress(before.executor(), before.host(), time, now);
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved event) {
    total.gone(event.executorId());
  }

  private void writeSometimes(NodeUse node, long time) {
    if (live && time - node.written >= WRITE_MILLIS) {
      write(node, time);
    }
    if (live && time - written >= WRITE_MILLIS) {
      writeTotal(time);
    }
  }

  private void write(NodeUse node, long time) {
    node.written = time;
    store.write(node.snapshot());
  }

  private void writeTotal(long time) {
    written = time;
    store.write(total.snapshot());
  }

  /** Writes what is not written yet. */
  synchronized void flush() {
    nodes.values().forEach(node -> write(node, node.updated));
    if (written > 0 || !nodes.isEmpty()) {
      writeTotal(System.currentTimeMillis());
    }
  }
}
