package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.OnnxException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
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

  /** Rows of the first slice that a call sees where rows have any number of elements. */
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
    return new GroupRunner(group, plan, own, metrics, task.partitionId());
  }

  /**
   * How many of the rows that are wanted a batch should hold.
   *
   * @param columnar whether they come as columns
   */
  int batchRows(int wanted, boolean columnar) {
    long rows = wanted;
    for (GroupRunner group : groups(columnar)) {
      for (CallRunner runner : group.runners()) {
        rows = Math.min(rows, TARGET_BYTES / Math.max(1, runner.bytesPerRow()));
      }
    }
    return (int) Math.max(1, rows);
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
   * Starts a batch whose rows are put one by one.
   *
   * @param rows how many will come at most
   */
  void begin(int rows) {
    List<GroupRunner> all = groups(false);
    runners.forEach(runner -> runner.begin(rows, rowsBefore));
    all.forEach(group -> group.slice(rows));
  }

  /**
   * Takes the arguments of a row of the batch.
   *
   * @param row valid until this returns
   * @param index of the row in the batch
   */
  void put(InternalRow row, int index) {
    poll(index);
    for (GroupRunner group : groups) {
      group.put(row, index);
    }
  }

  /** The results of the {@code rows} rows that were put. */
  ColumnVector[] run(int rows) {
    runners.forEach(CallRunner::run);
    return results(rows);
  }

  /**
   * Takes the rows of a batch of columns from {@code from} on.
   *
   * @param most how many; fewer are taken where a call learns from them how much its rows take
   * @return how many were taken, for {@link #run}
   */
  int gather(ColumnarBatch batch, int from, int most) {
    ColumnVector[] columns = columns(batch);
    List<GroupRunner> all = groups(true);
    runners.forEach(runner -> runner.begin(most, rowsBefore));
    long start = System.nanoTime();
    List<GroupRunner> learning =
        most <= FIRST_ROWS ? List.of() : all.stream().filter(group -> !group.isMeasured()).toList();
    int rows = learning.isEmpty() ? most : putFirst(learning, batch, from, most);
    for (GroupRunner group : all) {
      if (!learning.contains(group)
          && !group.gatherColumns(columns, batch::getRow, from, from + rows)) {
        group.slice(rows);
        for (int row = 0; row < rows; row++) {
          poll(row);
          group.put(batch.getRow(from + row), row);
        }
      }
    }
    metrics.convertIn().add(System.nanoTime() - start);
    return rows;
  }

  /** Puts rows one by one until a group has its first ones, {@code most} at most. */
  private int putFirst(List<GroupRunner> learning, ColumnarBatch batch, int from, int most) {
    learning.forEach(group -> group.slice(most));
    int rows = 0;
    for (boolean enough = false; rows < most && !enough; rows++) {
      poll(rows);
      InternalRow row = batch.getRow(from + rows);
      for (GroupRunner group : learning) {
        group.put(row, rows);
        enough |= group.gathered() >= FIRST_ROWS;
      }
    }
    return rows;
  }

  private static ColumnVector[] columns(ColumnarBatch batch) {
    ColumnVector[] columns = new ColumnVector[batch.numCols()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(i);
    }
    return columns;
  }

  private ColumnVector[] results(int count) {
    ColumnVector[] results = new ColumnVector[plan.resultTypes().size()];
    for (CallRunner runner : runners) {
      results[runner.result()] = runner.finish(count);
    }
    metrics.rows().add(count);
    rowsBefore += count;
    return results;
  }
}
