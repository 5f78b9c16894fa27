package io.sparkonnx.spark.ui;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up what all nodes of an application do. */
final class TotalUse {
  static final int SIZES = 24;

  private static final int EXECUTORS = 5_000;

  private record Place(String executor, List<String> models) {}

  private final RowsTimeline timeline = new RowsTimeline();
  private final Totals totals = new Totals();
  private final long[] sizes = new long[SIZES];
  private final Map<String, Long> deviceBatches = new LinkedHashMap<>();
  private final Map<String, String> models = new LinkedHashMap<>();
  private final Map<Place, ExecutorUse> executors = new LinkedHashMap<>();
  private final Samples badRows = new Samples();

  void started(ModelExecution execution) {
    execution.calls().forEach(call -> models.put(call.sha256(), call.model()));
  }

  /** Takes what a task has done since it was heard of last. */
  void add(NodeUse node, TaskProgress task, Map<String, Long> now, String errors, long time) {
    now.forEach((name, value) -> totals.replace(name, task.value(name), value));
    long rows = task.gain(Totals.SCORED_ROWS, now);
    long batches = task.gain(Totals.BATCHES, now);
    if (rows > 0) {
      timeline.add(task.heard(), time, (double) rows);
    }
    if (batches > 0) {
      sizes[sizeClass((double) rows / batches)] += batches;
    }
    long onDevice = task.gain(Totals.DEVICE_BATCHES, now);
    if (onDevice > 0) {
      List<String> names = node.execution.devices();
      deviceBatches.merge(
          names.isEmpty() ? "device" : String.join(", ", names), onDevice, Long::sum);
    }
    if (batches > onDevice) {
      deviceBatches.merge("CPU", batches - onDevice, Long::sum);
    }
    badRows.add(errors);
    use(node, task, rows, now.getOrDefault(Totals.LOAD, 0L), 0);
  }

  /** Counts a task that ended. */
  void ended(NodeUse node, TaskProgress task) {
    use(node, task, 0, 0, 1);
  }

  private void use(NodeUse node, TaskProgress task, long rows, long load, long tasks) {
    Place place = new Place(task.executor(), node.models());
    if (executors.size() >= EXECUTORS && !executors.containsKey(place)) {
      executors.remove(executors.keySet().iterator().next());
    }
    ExecutorUse before = executors.get(place);
    executors.put(
        place,
        before == null
            ? new ExecutorUse(
                task.executor(), task.host(), place.models(), tasks, rows, load, false)
            : new ExecutorUse(
                task.executor(),
                task.host().isEmpty() ? before.host() : task.host(),
                place.models(),
                before.tasks() + tasks,
                before.rows() + rows,
                Math.max(before.loadNanos(), load),
                before.gone()));
  }

  /** An executor has left, with its models. */
  void gone(String executor) {
    executors.replaceAll(
        (place, use) ->
            place.executor().equals(executor)
                ? new ExecutorUse(
                    executor,
                    use.host(),
                    use.models(),
                    use.tasks(),
                    use.rows(),
                    use.loadNanos(),
                    true)
                : use);
  }

  /** The least i with {@code rows <= 2^i}. */
  private static int sizeClass(double rows) {
    long whole = (long) Math.ceil(Math.max(1, rows));
    return Math.min(SIZES - 1, Long.SIZE - Long.numberOfLeadingZeros(whole - 1));
  }

  ApplicationUse snapshot() {
    List<Long> counts = new ArrayList<>();
    for (long size : sizes) {
      counts.add(size);
    }
    return new ApplicationUse(
        timeline.rows(),
        totals.values(),
        counts,
        new LinkedHashMap<>(deviceBatches),
        new LinkedHashMap<>(models),
        List.copyOf(executors.values()),
        badRows.errors());
  }
}
