package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.OnnxException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The calls of one task, opened at the first batch and closed when the task completes: rows or
 * columns in, one result column for each call out.
 */
final class TaskCalls {
  /** Bytes of gathered input and of results that a batch of rows aims at. */
  static final long TARGET_BYTES = 8L << 20;

  /** Rows of the first slice where rows have any number of elements. */
  private static final int FIRST_ROWS = 64;

  /** Rows between two looks at whether the task was killed. */
  private static final int POLL_ROWS = 1024;

  private final EvalPlan plan;
  private final TaskMetrics metrics;
  private final TaskContext task;
  private final TaskMemory memory;
  private final TaskMemory.Share batches;
  private final List<CallRunner> runners = new ArrayList<>();
  private List<GroupRunner> groups;
  private long rowsBefore;

  TaskCalls(EvalPlan plan, TaskMetrics metrics) {
    this.plan = plan;
    this.metrics = metrics;
    this.task = TaskContext.get();
    this.memory = new TaskMemory(task, metrics);
    this.batches = memory.new Share("the rows around a model");
  }

  private List<GroupRunner> groups(boolean columnar) {
    if (groups == null) {
      TaskCompletionListener closing = context -> close();
      task.addTaskCompletionListener(closing);
      groups = plan.groups().stream().map(group -> open(group, columnar)).toList();
    }
    return groups;
  }

  private void close() {
    runners.forEach(CallRunner::close);
    memory.close();
  }

  private GroupRunner open(CallGroup group, boolean columnar) {
    boolean whole = columnar && group.takesWholeColumns();
    List<CallRunner> own = new ArrayList<>();
    for (CallPlan call : group.calls()) {
      CallRunner runner = new CallRunner(call, whole, task, metrics, memory);
      runners.add(runner);
      own.add(runner);
    }
    return new GroupRunner(group, plan, own, metrics, this::poll, task.partitionId());
  }

  /** How many of the rows that are wanted a batch should hold. */
  int batchRows(int wanted) {
    int rows = wanted;
    for (GroupRunner group : groups(false)) {
      for (CallRunner runner : group.runners()) {
        rows = (int) Math.max(1, Math.min(rows, TARGET_BYTES / Math.max(1, runner.bytesPerRow())));
      }
    }
    return rows;
  }

  /** Ends a killed task, now and then as rows go by. */
  void poll(int row) {
    if (row % POLL_ROWS == 0) {
      task.killTaskIfInterrupted();
    }
  }

  /** Makes sure of memory for copies of rows. */
  void reserve(long bytes) {
    try {
      batches.reach(bytes);
    } catch (OnnxException e) {
      throw new CallException(CallException.condition(e.code()), e.getMessage(), e);
    }
  }

  /**
   * Rows of a slice of a column batch, which is bounded as batches of rows are. The results of all
   * slices are kept in any case, so that only the input counts.
   */
  private int sliceRows() {
    long rows = plan.batchSize();
    for (CallRunner runner : runners) {
      rows = Math.min(rows, runner.isMeasured() ? rows : FIRST_ROWS);
      rows = Math.min(rows, TARGET_BYTES / Math.max(1, runner.inputBytesPerRow()));
    }
    return (int) Math.max(1, rows);
  }

  ColumnVector[] evaluate(RowPages rows) {
    List<GroupRunner> all = groups(false);
    runners.forEach(runner -> runner.begin(rows.rows(), rowsBefore));
    long start = System.nanoTime();
    for (GroupRunner group : all) {
      group.gather(rows::get, 0, rows.rows());
    }
    metrics.convertIn().add(System.nanoTime() - start);
    runners.forEach(CallRunner::run);
    return results(rows.rows());
  }

  ColumnVector[] evaluate(ColumnarBatch batch) {
    int count = batch.numRows();
    ColumnVector[] columns = columns(batch);
    List<GroupRunner> all = groups(true);
    runners.forEach(runner -> runner.begin(count, rowsBefore));
    for (int from = 0; from < count; ) {
      int to = from + Math.min(count - from, sliceRows());
      evaluate(all, columns, batch, from, to);
      from = to;
    }
    return results(count);
  }

  private void evaluate(
      List<GroupRunner> all, ColumnVector[] columns, ColumnarBatch batch, int from, int to) {
    long start = System.nanoTime();
    for (GroupRunner group : all) {
      if (!group.gatherColumns(columns, batch::getRow, from, to)) {
        group.gather(batch::getRow, from, to);
      }
    }
    metrics.convertIn().add(System.nanoTime() - start);
    runners.forEach(CallRunner::run);
  }

  static ColumnVector[] columns(ColumnarBatch batch) {
    ColumnVector[] columns = new ColumnVector[batch.numCols()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(i);
    }
    return columns;
  }

  private ColumnVector[] results(int count) {
    ColumnVector[] results = new ColumnVector[plan.resultTypes().size()];
    for (CallRunner runner : runners) {
      results[runner.result()] = runner.finish();
    }
    metrics.rows().add(count);
    rowsBefore += count;
    return results;
  }
}
