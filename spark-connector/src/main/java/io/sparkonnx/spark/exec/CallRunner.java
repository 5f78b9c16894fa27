package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.RunOptions;
import io.sparkonnx.engine.Session;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.spark.bind.BoundCall;
import io.sparkonnx.spark.bind.InputSlot;
import io.sparkonnx.spark.model.ModelForm;
import io.sparkonnx.spark.model.ModelLease;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * One call within one task: gathers a batch, runs it, hands out its result as a column. A row that
 * the model cannot take fails the task, or is NULL where the call is lenient.
 */
final class CallRunner implements AutoCloseable {
  /** Working memory of a run that is aimed at. */
  private static final long TARGET_BYTES = 64L << 20;

  private final CallPlan plan;
  private final TaskContext task;
  private final TaskMetrics metrics;
  private final CallErrors errors;
  private final TaskMemory.Share memory;
  private final RunOptions options;
  private final ModelLease lease;
  private final Session session;
  private final InputBuffer[] buffers;
  private final int[][] ordinals;
  private int rowsPerRun;

  /** For each gathered row, its index in the batch. */
  private int[] rowOf = {};

  private int gathered;

  /** How many rows the buffers have room for, as far as their sizes are known. */
  private int reserved;

  private RunResults results;

  /** Bytes that the buffers have grown by for rows of open shapes. */
  private long grownBytes;

  /** Bytes of the inputs of the run that is going on, which may be strings of any length. */
  private long inputBytes;

  /** Bytes of the results that this batch has so far. */
  private long resultBytes;

  /** Bytes of a row's result, the most that was seen. */
  private long resultBytesPerRow;

  /**
   * @param columnar whether whole columns will be put, and not rows
   */
  CallRunner(
      CallPlan plan,
      boolean columnar,
      TaskContext task,
      TaskMetrics metrics,
      TaskMemory taskMemory) {
    this.plan = plan;
    this.task = task;
    this.metrics = metrics;
    this.errors = new CallErrors(plan, task);
    this.memory = taskMemory.new Share(errors.call());
    this.options =
        RunOptions.DEFAULT.withCancelled(task::isInterrupted).withMemory(this::acquireForRun);
    this.rowsPerRun = plan.call().rowByRow() ? 1 : plan.batchSize();
    List<InputSlot> slots = plan.call().inputs();
    Set<String> byColumns = columnar ? matrices(plan.call()) : Set.of();
    this.buffers =
        slots.stream()
            .map(slot -> buffer(slot, byColumns.contains(slot.input())))
            .toArray(InputBuffer[]::new);
    this.ordinals = slots.stream().map(plan::ordinals).toArray(int[][]::new);
    this.lease = open(new ModelForm(plan.call().computed(), byColumns));
    this.session = session(lease);
  }

  private InputBuffer buffer(InputSlot slot, boolean byColumns) {
    return byColumns
        ? new ColumnsBuffer(slot, plan.types(slot))
        : InputBuffer.of(slot, plan.types(slot), this::grow);
  }

  /** Inputs whose columns are copied in one piece each. */
  private static Set<String> matrices(BoundCall call) {
    if (call.rowByRow() || call.coupled()) {
      return Set.of();
    }
    return call.inputs().stream()
        .filter(ColumnsBuffer::fits)
        .map(InputSlot::input)
        .collect(Collectors.toUnmodifiableSet());
  }

  private ModelLease open(ModelForm form) {
    long start = System.nanoTime();
    try {
      ModelLease opened = plan.model().lease(form, task::isInterrupted);
      try {
        WeightMemory.hold(opened, plan.model());
      } catch (RuntimeException | Error e) {
        opened.close();
        throw e;
      }
      return opened;
    } catch (OnnxException e) {
      throw errors.failure(e);
    } finally {
      metrics.load().add(System.nanoTime() - start);
    }
  }

  private static Session session(ModelLease lease) {
    try {
      return lease.model().newSession();
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  /** Index of the result among the results of the node. */
  int result() {
    return plan.result();
  }

  private void acquire(long bytes) {
    try {
      memory.reach(bytes);
    } catch (OnnxException e) {
      throw errors.failure(e);
    }
  }

  private void acquireForRun(long bytes) {
    memory.reach(Math.max(inputBytes, bufferBytes(gathered)) + resultBytes + bytes);
  }

  private void grow(long bytes) {
    grownBytes += bytes;
    memory.reach(bufferBytes(reserved) + resultBytes);
  }

  private long bufferBytes(int rows) {
    long bytes = grownBytes;
    for (InputBuffer buffer : buffers) {
      bytes += (long) rows * buffer.reservedPerRow() * buffer.slot.element().storage().bytes();
    }
    return bytes;
  }

  /** Bytes that a row takes in the buffers and the results, as far as is known. */
  long bytesPerRow() {
    return inputBytesPerRow() + resultBytesPerRow;
  }

  /** Whether it is known how many elements rows have, by the model or by rows that came. */
  boolean isMeasured() {
    return Arrays.stream(buffers).allMatch(b -> b.reservedPerRow() > 0) || grownBytes > 0;
  }

  /** Bytes that a row takes in the buffers, as far as is known. */
  long inputBytesPerRow() {
    long bytes = 0;
    for (InputBuffer buffer : buffers) {
      bytes += (long) buffer.elementsPerRow() * buffer.slot.element().storage().bytes();
    }
    return bytes;
  }

  /**
   * Starts a batch, whose rows are put and run slice by slice.
   *
   * @param rows rows of the batch
   * @param rowsBefore rows of the partition before this batch
   */
  void begin(int rows, long rowsBefore) {
    errors.begin(rowsBefore);
    results = new RunResults(plan.call(), rows);
    resultBytes = 0;
  }

  /**
   * Starts a slice of the batch.
   *
   * @param selected how many of its rows will be put, at most
   */
  void slice(int selected) {
    gathered = 0;
    reserved = selected;
    acquire(bufferBytes(selected) + resultBytes);
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
    for (int i = 0; i < buffers.length; i++) {
      try {
        buffers[i].putRow(arguments, ordinals[i], gathered);
      } catch (BadValueException e) {
        refuse(errors.badValue(buffers[i].slot, e, row));
        return;
      } catch (OnnxException e) {
        throw errors.failure(e);
      }
    }
    rowOf[gathered++] = row;
  }

  /**
   * Takes the columns' rows from {@code from} to before {@code to}, which are the slice.
   *
   * @param rows the same as rows, for a lenient call to look for the bad ones
   */
  void putColumns(ColumnVector[] columns, IntFunction<InternalRow> rows, int from, int to) {
    for (int row = from; row < to; row++) {
      rowOf[row - from] = row;
    }
    for (int i = 0; i < buffers.length; i++) {
      try {
        buffers[i].putColumns(columns, ordinals[i], from, to - from);
      } catch (BadValueException e) {
        if (!plan.call().options().lenient()) {
          throw errors.badValue(buffers[i].slot, e, from + e.row());
        }
        for (int row = from; row < to; row++) {
          put(rows.apply(row), row);
        }
        return;
      } catch (OnnxException e) {
        throw errors.failure(e);
      }
    }
    gathered = to - from;
  }

  /** Runs the model on the rows of the slice that were put. */
  void run() {
    long start = System.nanoTime();
    long moved = movedBytes();
    for (int from = 0; from < gathered; ) {
      int to = runEnd(from);
      runRows(from, to);
      from = to;
    }
    metrics.scoredRows().add(gathered);
    metrics.copiedIn().add(copiedBytes() - moved);
    metrics.compute().add(System.nanoTime() - start);
  }

  private long movedBytes() {
    return Arrays.stream(buffers).mapToLong(InputBuffer::movedBytes).sum();
  }

  /** Bytes copied for the rows of the slice, and those moved since the task began. */
  private long copiedBytes() {
    return Arrays.stream(buffers).mapToLong(buffer -> buffer.bytes(gathered)).sum() + movedBytes();
  }

  /** The batch's results, NULL for rows without one. */
  ColumnVector finish() {
    ColumnVector column = results.column();
    results = null;
    return column;
  }

  private int runEnd(int from) {
    int to = Math.min(gathered, from + rowsPerRun);
    for (InputBuffer buffer : buffers) {
      to = Math.min(to, buffer.sameShapeUntil(from, to));
    }
    return to;
  }

  /** Runs rows together, or by halves where that fails. */
  private void runRows(int from, int to) {
    Map<String, OnnxValue> values;
    try {
      metrics.batches().add(1);
      values = session.run(inputs(from, to), options);
    } catch (OnnxException e) {
      runHalves(from, to, e);
      return;
    }
    adapt(to - from);
    results.add(values, rowOf, from, to);
    count(values, to - from);
  }

  /** Looks for the row that made a run fail, or for a number of rows that memory suffices for. */
  private void runHalves(int from, int to, OnnxException failure) {
    boolean tooLarge = failure.code() == OnnxException.Code.LIMIT_EXCEEDED;
    int rows = to - from;
    if (plan.call().coupled() || !(tooLarge || CallErrors.isOfRow(failure))) {
      throw errors.failure(failure);
    }
    if (rows > 1) {
      int middle = (from + to) >>> 1;
      rowsPerRun = tooLarge ? Math.min(rowsPerRun, rows / 2) : rowsPerRun;
      runRows(from, middle);
      runRows(middle, to);
    } else if (tooLarge) {
      throw errors.failure(failure);
    } else {
      refuse(errors.badRow(failure, rowOf[from]));
    }
  }

  private void refuse(CallException problem) {
    if (!plan.call().options().lenient()) {
      throw problem;
    }
    metrics.badRows().add(1);
  }

  private Map<String, OnnxValue> inputs(int from, int to) {
    Map<String, OnnxValue> inputs = new LinkedHashMap<>();
    for (InputBuffer buffer : buffers) {
      inputs.put(buffer.slot.input(), buffer.tensor(from, to));
    }
    inputBytes = ValueBytes.of(inputs.values());
    metrics.inputBytes().add(inputBytes);
    return inputs;
  }

  private void count(Map<String, OnnxValue> values, int rows) {
    long bytes = ValueBytes.of(values.values());
    metrics.outputBytes().add(bytes);
    resultBytes += bytes;
    resultBytesPerRow = Math.max(resultBytesPerRow, bytes / rows);
  }

  /** Later runs take fewer rows where this one has used much memory. */
  private void adapt(int rows) {
    long used = session.workspaceBytes();
    if (used > TARGET_BYTES) {
      long fitting = Math.max(1, rows * TARGET_BYTES / used);
      rowsPerRun = (int) Math.min(rowsPerRun, fitting);
    }
  }

  @Override
  public void close() {
    session.close();
    lease.close();
  }
}
