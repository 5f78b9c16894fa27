package io.sparkonnx.spark.exec;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.RunOptions;
import io.sparkonnx.engine.tensor.OnnxValue;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * One call within one task: gathers a batch, runs it, hands out its result as a column. A row that
 * the model cannot take fails the task, or is NULL where the call is lenient.
 */
final class CallRunner implements AutoCloseable {
  /** Working memory of a thread that is aimed at. */
  private static final long THREAD_TARGET_BYTES = 64L << 20;

  private final CallPlan plan;
  private final TaskMetrics metrics;
  private final ExecutorTotals totals = ExecutorTotals.current();
  private final CallErrors errors;
  private final TaskMemory.Share memory;
  private final RunOptions options;
  private final InputBuffers inputs;
  private final RowGroups groups;
  private final TaskModel model;
  private final int rowsPerRun;

  /** Working memory of a run that is aimed at. */
  private final long targetBytes;

  /** Bytes of input of one run at most. */
  private long bytesPerRun = Long.MAX_VALUE;

  /** Working memory of the session, the most that was seen. */
  private long workspaceBytes;

  /** For each gathered row, its index in the batch. */
  private int[] rowOf = {};

  private int gathered;

  private RunResults results;

  /** Bytes of the inputs of the run that is going on beside those that are gathered. */
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
    this.metrics = metrics;
    this.errors = new CallErrors(plan, task);
    this.memory = taskMemory.new Share(errors.call());
    this.options =
        RunOptions.DEFAULT.withCancelled(task::isInterrupted).withMemory(this::acquireForRun);
    this.rowsPerRun = plan.call().rowByRow() ? 1 : plan.batchSize();
    Set<String> byColumns = columnar ? ColumnsBuffer.inputs(plan.call()) : Set.of();
    this.inputs = new InputBuffers(plan, byColumns, errors, this::grow);
    this.groups = new RowGroups(inputs.all(), plan.pads());
    this.targetBytes = THREAD_TARGET_BYTES * plan.call().options().threads(task.cpus());
    this.model = new TaskModel(plan, byColumns, task, metrics, errors);
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
    long all = inputs.bytes(gathered) + inputBytes + resultBytes + bytes;
    if (model.holdsLease() && !memory.has(all)) {
      throw new MemoryBeforeLeaseException(bytes);
    }
    memory.reach(all);
  }

  private void grow() {
    memory.reach(inputs.reservedBytes() + resultBytes);
  }

  /** Bytes that a row takes in the buffers and the results, as far as is known. */
  long bytesPerRow() {
    return inputs.bytesPerRow() + resultBytesPerRow;
  }

  /** Whether it is known how much rows take, by the model or by rows that were run. */
  boolean isMeasured() {
    return inputs.isMeasured();
  }

  /** Rows of the slice that were put and not refused. */
  int gathered() {
    return gathered;
  }

  /**
   * Starts a batch, whose rows are put and run slice by slice.
   *
   * @param rows rows of the batch at most
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
    acquire(inputs.bytes(selected) + resultBytes);
    if (rowOf.length < selected) {
      rowOf = new int[ElementStore.grown(rowOf.length, selected)];
    }
    inputs.reserve(selected);
  }

  /**
   * Takes the arguments of a row.
   *
   * @param row index in the batch, greater than that of the row before
   */
  void put(SpecializedGetters arguments, int row) {
    CallException problem = inputs.putRow(arguments, gathered, row);
    if (problem == null) {
      rowOf[gathered++] = row;
    } else {
      refuse(problem, row);
    }
  }

  /**
   * Takes the columns' rows from {@code from} to before {@code to}, which are the slice.
   *
   * @param rows the same as rows, for a lenient call to look for the bad ones
   */
  void putColumns(ColumnVector[] columns, IntFunction<InternalRow> rows, int from, int to) {
    CallException problem = inputs.putColumns(columns, from, to - from);
    if (problem == null) {
      for (int row = from; row < to; row++) {
        rowOf[row - from] = row - from;
      }
      gathered = to - from;
      return;
    }
    if (!plan.call().options().lenient()) {
      throw problem;
    }
    for (int row = from; row < to; row++) {
      put(rows.apply(row), row - from);
    }
  }

  /** Runs the model on the rows of the slice that were put. */
  void run() {
    long start = System.nanoTime();
    long trial = model.trialNanos();
    inputs.seen(gathered);
    long moved = inputs.movedBytes();
    for (RowRun group : groups.of(gathered)) {
      for (int from = group.from(); from < group.to(); ) {
        int to = (int) Math.min(group.to(), (long) from + rowsOfRun(group));
        run(group.part(from, to));
        from = to;
      }
    }
    metrics.scoredRows().add(gathered);
    totals.rows().inc(gathered);
    metrics.copiedIn().add(inputs.copiedBytes(gathered) - moved);
    metrics.compute().add(System.nanoTime() - start - (model.trialNanos() - trial));
  }

  /**
   * The batch's results, NULL for rows without one.
   *
   * @param rows rows of the batch
   */
  ColumnVector finish(int rows) {
    ColumnVector column = results.column(rows);
    results = null;
    return column;
  }

  /** Runs rows together, or by halves where that fails. */
  private void run(RowRun run) {
    if (run.isPadded() && groups.isRefused(run.length())) {
      groups.unpadded(run).forEach(this::run);
      return;
    }
    OnnxException failure = attempt(run);
    if (failure != null) {
      runHalves(run, failure);
    }
  }

  /** Runs rows together; why that failed, or null. */
  private OnnxException attempt(RowRun run) {
    Map<String, OnnxValue> values;
    try {
      metrics.batches().add(1);
      totals.batches().inc();
      values = run(tensors(run), run.rows());
    } catch (OnnxException e) {
      return e;
    }
    adapt(run);
    int[] rows = new int[run.rows()];
    Arrays.setAll(rows, i -> rowOf[run.row(i)]);
    int[] lengths = run.isPadded() ? groups.lengths(run) : null;
    results.add(values, rows, lengths);
    count(values, rows.length);
    if (run.isPadded()) {
      countPadding(run, lengths);
    }
    return null;
  }

  private Map<String, OnnxValue> run(Map<String, OnnxValue> tensors, int rows) {
    while (true) {
      try {
        return model.run(tensors, rows, options);
      } catch (MemoryBeforeLeaseException e) {
        acquireForRun(e.bytes());
      }
    }
  }

  private void countPadding(RowRun run, int[] lengths) {
    long places = (long) run.rows() * run.length();
    long added = places - Arrays.stream(lengths).asLongStream().sum();
    long elements = inputs.elementsAtPlace(run);
    metrics.addPadding(places * elements, added * elements);
  }

  /** Looks for the row that made a run fail, or for a number of rows that memory suffices for. */
  private void runHalves(RowRun run, OnnxException failure) {
    boolean tooLarge = failure.code() == OnnxException.Code.LIMIT_EXCEEDED;
    int rows = run.rows();
    boolean whole = plan.call().coupled() || rows == 1;
    if (tooLarge && whole && model.leaveDevice(failure)) {
      run(run);
      return;
    }
    if (plan.call().coupled() || !(tooLarge || CallErrors.isOfRow(failure))) {
      throw errors.failure(failure);
    }
    if (rows > 1) {
      int middle = run.from() + rows / 2;
      if (tooLarge) {
        model.countRetry(failure);
        bytesPerRun = Math.min(bytesPerRun, rows / 2 * Math.max(1, inputs.bytesPerRow(run)));
      }
      run(run.part(run.from(), middle));
      run(run.part(middle, run.to()));
    } else if (tooLarge) {
      throw errors.failure(failure);
    } else {
      runAlone(run, failure);
    }
  }

  /** A row that fails when it is padded may be one that is too long then. */
  private void runAlone(RowRun run, OnnxException failure) {
    OnnxException own = run.isPadded() ? attempt(run.unpadded()) : failure;
    if (own == null) {
      groups.refuse(run.length());
    } else if (!CallErrors.isOfRow(own)) {
      throw errors.failure(own);
    } else {
      refuse(errors.badRow(own, rowOf[run.row(0)]), rowOf[run.row(0)]);
    }
  }

  private void refuse(CallException problem, int row) {
    if (!plan.call().options().lenient()) {
      throw problem;
    }
    metrics.addBadRow(problem);
    totals.badRows().inc();
    if (plan.call().options().errors()) {
      results.addError(row, problem.problem());
    }
  }

  /** Rows of a group that are run together: as many as memory was seen to suffice for. */
  private long rowsOfRun(RowRun group) {
    long fitting = bytesPerRun / Math.max(1, inputs.bytesPerRow(group));
    return Math.max(1, Math.min(rowsPerRun, fitting));
  }

  private Map<String, OnnxValue> tensors(RowRun run) {
    inputBytes = run.isInPlace() ? 0 : run.rows() * inputs.bytesPerRow(run);
    acquireForRun(0);
    Map<String, OnnxValue> tensors = inputs.tensors(run);
    long bytes = ValueBytes.of(tensors.values());
    inputBytes = run.isInPlace() ? Math.max(0, bytes - inputs.bytes(gathered)) : bytes;
    metrics.inputBytes().add(bytes);
    return tensors;
  }

  private void count(Map<String, OnnxValue> values, int rows) {
    long bytes = ValueBytes.of(values.values());
    metrics.outputBytes().add(bytes);
    resultBytes += bytes;
    resultBytesPerRow = Math.max(resultBytesPerRow, bytes / rows);
  }

  /** Later runs take fewer bytes of input where this one has needed more memory than any before. */
  private void adapt(RowRun run) {
    long used = model.workspaceBytes();
    if (used > targetBytes && used > workspaceBytes) {
      double share = (double) targetBytes / used;
      long bytes = run.rows() * Math.max(1, inputs.bytesPerRow(run));
      bytesPerRun = Math.min(bytesPerRun, (long) (bytes * share));
    }
    workspaceBytes = Math.max(workspaceBytes, used);
  }

  @Override
  public void close() {
    model.close();
  }
}
