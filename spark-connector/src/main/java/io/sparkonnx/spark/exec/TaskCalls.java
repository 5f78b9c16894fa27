package io.sparkonnx.spark.exec;

import io.sparkonnx.spark.plan.Sequences;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection$;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The calls of one task, opened at the first batch and closed when the task completes: rows or
 * columns in, one result column for each call out.
 */
final class TaskCalls {
  /** Bytes of gathered input that a batch aims at. */
  private static final long TARGET_BYTES = 8L << 20;

  private final EvalPlan plan;
  private final TaskMetrics metrics;
  private final TaskContext task;
  private final UnsafeProjection arguments;
  private List<CallRunner> runners;
  private long rowsBefore;

  TaskCalls(EvalPlan plan, TaskMetrics metrics, int partition) {
    this.plan = plan;
    this.metrics = metrics;
    this.task = TaskContext.get();
    this.arguments = plan.argumentsAreColumns() ? null : projection(plan, partition);
  }

  private static UnsafeProjection projection(EvalPlan plan, int partition) {
    UnsafeProjection projection =
        UnsafeProjection$.MODULE$.create(
            Sequences.<Expression>seq(plan.arguments()),
            Sequences.<Attribute>seq(plan.childOutput()));
    projection.initialize(partition);
    return projection;
  }

  private List<CallRunner> runners() {
    if (runners == null) {
      runners = new ArrayList<>();
      TaskCompletionListener closing = context -> runners.forEach(CallRunner::close);
      task.addTaskCompletionListener(closing);
      for (CallPlan call : plan.calls()) {
        runners.add(new CallRunner(call, plan.batchSize(), task, metrics));
      }
    }
    return runners;
  }

  /** How many of the rows that are wanted a batch should hold. */
  int batchRows(int wanted) {
    int rows = wanted;
    for (CallRunner runner : runners()) {
      rows = (int) Math.max(1, Math.min(rows, TARGET_BYTES / Math.max(1, runner.bytesPerRow())));
    }
    return rows;
  }

  ColumnVector[] evaluate(RowPages rows) {
    long start = System.nanoTime();
    int count = rows.rows();
    for (CallRunner runner : runners()) {
      runner.reserve(count);
    }
    for (int row = 0; row < count; row++) {
      put(rows.get(row), row);
    }
    metrics.convertIn().add(System.nanoTime() - start);
    return run(count);
  }

  private void put(InternalRow row, int index) {
    InternalRow from = arguments == null ? row : arguments.apply(row);
    for (CallRunner runner : runners) {
      runner.putRow(from, index, rowsBefore);
    }
  }

  ColumnVector[] evaluate(ColumnarBatch batch) {
    long start = System.nanoTime();
    int count = batch.numRows();
    ColumnVector[] columns = columns(batch);
    for (CallRunner runner : runners()) {
      runner.reserve(count);
      if (arguments == null) {
        runner.putColumns(columns, count, rowsBefore);
      }
    }
    if (arguments != null) {
      for (int row = 0; row < count; row++) {
        put(batch.getRow(row), row);
      }
    }
    metrics.convertIn().add(System.nanoTime() - start);
    return run(count);
  }

  static ColumnVector[] columns(ColumnarBatch batch) {
    ColumnVector[] columns = new ColumnVector[batch.numCols()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(i);
    }
    return columns;
  }

  private ColumnVector[] run(int count) {
    ColumnVector[] results = new ColumnVector[runners.size()];
    for (int i = 0; i < results.length; i++) {
      results[i] = runners.get(i).run(count, rowsBefore);
    }
    metrics.rows().add(count);
    rowsBefore += count;
    return results;
  }
}
