package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.RunOptions;
import io.sparkonnx.engine.Session;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.spark.bind.InputSlot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.vectorized.ColumnVector;

/** One call within one task: gathers a batch, runs it, hands out its result as a column. */
final class CallRunner implements AutoCloseable {
  /** Working memory of a run that is aimed at. */
  private static final long TARGET_BYTES = 64L << 20;

  private final CallPlan plan;
  private final TaskContext task;
  private final TaskMetrics metrics;
  private final RunOptions options;
  private final Session session;
  private final InputBuffer[] buffers;
  private final int[][] ordinals;
  private int rowsPerRun;

  /** For each row that was put, its index in the batch. */
  private int[] rowOf = {};

  private int gathered;
  private int batchRows;
  private long rowsBefore;

  CallRunner(CallPlan plan, int batchSize, TaskContext task, TaskMetrics metrics) {
    this.plan = plan;
    this.task = task;
    this.metrics = metrics;
    this.options = RunOptions.DEFAULT.withCancelled(task::isInterrupted);
    this.rowsPerRun = plan.call().rowByRow() ? 1 : batchSize;
    this.session = open();
    List<InputSlot> slots = plan.call().inputs();
    this.buffers =
        slots.stream()
            .map(slot -> InputBuffer.of(slot, plan.types(slot)))
            .toArray(InputBuffer[]::new);
    this.ordinals = slots.stream().map(plan::ordinals).toArray(int[][]::new);
  }

  private Session open() {
    long start = System.nanoTime();
    try {
      return plan.model().compiled(task::isInterrupted).newSession();
    } catch (OnnxException e) {
      throw failure(e);
    } finally {
      metrics.load().add(System.nanoTime() - start);
    }
  }

  /** Index of the result among the results of the node. */
  int result() {
    return plan.result();
  }

  /** Bytes that a row takes in the buffers, about. */
  long bytesPerRow() {
    long bytes = 0;
    for (InputBuffer buffer : buffers) {
      bytes += (long) buffer.elementsPerRow() * buffer.slot.element().storage().bytes();
    }
    return bytes;
  }

  /**
   * Starts a batch.
   *
   * @param rows rows of the batch
   * @param selected how many of them will be put, at most
   * @param before rows of the partition before this batch
   */
  void begin(int rows, int selected, long before) {
    batchRows = rows;
    rowsBefore = before;
    gathered = 0;
    if (rowOf.length < selected) {
      rowOf = new int[ElementStore.grown(rowOf.length, selected)];
    }
    for (InputBuffer buffer : buffers) {
      buffer.reserve(selected);
    }
  }

  /**
   * Takes the arguments of a row.
   *
   * @param row index in the batch, greater than that of the row before
   */
  void put(SpecializedGetters arguments, int row) {
    rowOf[gathered] = row;
    for (int i = 0; i < buffers.length; i++) {
      try {
        buffers[i].putRow(arguments, ordinals[i], gathered);
      } catch (BadValueException e) {
        throw badRow(buffers[i].slot, e);
      }
    }
    gathered++;
  }

  /** Takes the columns of the whole batch. */
  void putColumns(ColumnVector[] columns, int rows) {
    for (int row = 0; row < rows; row++) {
      rowOf[row] = row;
    }
    for (int i = 0; i < buffers.length; i++) {
      try {
        buffers[i].putColumns(columns, ordinals[i], rows);
      } catch (BadValueException e) {
        throw badRow(buffers[i].slot, e);
      }
    }
    gathered = rows;
  }

  /** Runs the model on the rows that were put; the others of the batch get NULL. */
  ColumnVector run() {
    long start = System.nanoTime();
    RunResults results = new RunResults(plan.call(), batchRows);
    for (int from = 0; from < gathered; ) {
      int to = runEnd(from, gathered);
      results.add(runRows(from, to), rowOf, from, to);
      from = to;
    }
    metrics.scoredRows().add(gathered);
    metrics.compute().add(System.nanoTime() - start);
    return results.column();
  }

  private int runEnd(int from, int rows) {
    int to = Math.min(rows, from + rowsPerRun);
    for (InputBuffer buffer : buffers) {
      to = Math.min(to, buffer.sameShapeUntil(from, to));
    }
    return to;
  }

  private Map<String, OnnxValue> runRows(int from, int to) {
    try {
      Map<String, OnnxValue> values = session.run(inputs(from, to), options);
      metrics.batches().add(1);
      adapt(to - from);
      return values;
    } catch (OnnxException e) {
      throw e.code() == OnnxException.Code.INVALID_VALUE ? badRun(from, to, e) : failure(e);
    }
  }

  private Map<String, OnnxValue> inputs(int from, int to) {
    Map<String, OnnxValue> inputs = new LinkedHashMap<>();
    for (InputBuffer buffer : buffers) {
      inputs.put(buffer.slot.input(), buffer.tensor(from, to));
    }
    return inputs;
  }

  /** Later runs take fewer rows where this one has used much memory. */
  private void adapt(int rows) {
    long used = session.workspaceBytes();
    if (used > TARGET_BYTES) {
      long fitting = Math.max(1, rows * TARGET_BYTES / used);
      rowsPerRun = (int) Math.min(rowsPerRun, fitting);
    }
  }

  /** Finds the row that a run failed on, by running the rows one by one. */
  private RuntimeException badRun(int from, int to, OnnxException failure) {
    for (int row = from; row < to; row++) {
      try {
        session.run(inputs(row, row + 1), options);
      } catch (OnnxException e) {
        return new BadRowException(place(row) + ": " + e.getMessage(), e);
      }
    }
    return failure(failure);
  }

  private BadRowException badRow(InputSlot slot, BadValueException e) {
    String column = plan.names().get(slot.first() + e.argument());
    String message =
        place(e.row()) + ": input " + slot.input() + ": column " + column + " " + e.getMessage();
    return new BadRowException(message, null);
  }

  private String place(int index) {
    int row = rowOf[index];
    return "onnx_predict('"
        + plan.model().reference().location()
        + "'), partition "
        + task.partitionId()
        + ", row "
        + (rowsBefore + row)
        + " (row "
        + row
        + " of the batch)";
  }

  /** What to throw for an engine's refusal; a killed task ends as such. */
  private RuntimeException failure(OnnxException e) {
    if (e.code() == OnnxException.Code.CANCELLED) {
      task.killTaskIfInterrupted();
    }
    return new OnnxException(
        e.code(),
        "onnx_predict('" + plan.model().reference().location() + "'): " + e.getMessage(),
        e);
  }

  @Override
  public void close() {
    session.close();
  }
}
