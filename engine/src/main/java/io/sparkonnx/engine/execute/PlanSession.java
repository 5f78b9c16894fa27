package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.DeviceNeed;
import io.sparkonnx.engine.DeviceRelease;
import io.sparkonnx.engine.DeviceUse;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.RunOptions;
import io.sparkonnx.engine.Session;
import io.sparkonnx.engine.StepObserver;
import io.sparkonnx.engine.plan.MemoryPlan;
import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.type.Dim;
import java.util.Map;

/** Runs one plan, in blocks of rows where the plan allows it. */
public final class PlanSession implements Session {
  private final Plan plan;
  private final InputBinder binder;
  private final RowCut cut;
  private final Dim[] resultElements;

  /** Null for the CPU alone. */
  private final DeviceSide device;

  private BlockWorker[] workers;
  private BlockThreads threads;

  /**
   * @param threads at most so many work on a run, the caller's included
   */
  public PlanSession(Plan plan, int threads) {
    this(plan, threads, null, null);
  }

  /**
   * A session of one thread.
   *
   * @param observer told of every step, or null
   * @param weights the model's constants on the plan's device; null for the CPU alone
   */
  public PlanSession(Plan plan, StepObserver observer, DeviceWeights weights) {
    this(plan, 1, observer, weights);
  }

  private PlanSession(Plan plan, int count, StepObserver observer, DeviceWeights weights) {
    this.plan = plan;
    this.binder = new InputBinder(plan);
    this.cut = new RowCut(plan);
    this.resultElements = resultElements(plan);
    this.device = weights == null ? null : new DeviceSide(plan, weights);
    this.workers = new BlockWorker[count];
    for (int i = 0; i < count; i++) {
      workers[i] = new BlockWorker(plan, cut, i, observer, device);
    }
    this.threads = new BlockThreads(workers);
  }

  /** Number of elements of each output that is allocated before the run; null for others. */
  private static Dim[] resultElements(Plan plan) {
    Dim[] elements = new Dim[plan.outputs().length];
    for (int i = 0; i < elements.length; i++) {
      Slot slot = plan.slots().get(plan.outputs()[i]);
      elements[i] = ResultCollector.isWhole(plan, i) ? slot.info().shape().size() : null;
    }
    return elements;
  }

  @Override
  public Map<String, OnnxValue> run(Map<String, ? extends OnnxValue> inputs, RunOptions options) {
    requireOpen();
    OnnxValue[] ordered = binder.order(inputs);
    Binding whole = binder.bind(ordered);
    int total = cut.rows(ordered);
    BlockRun run = cut(ordered, whole, total, options);
    threads.run(run);
    return run.results().finish();
  }

  private BlockRun cut(OnnxValue[] inputs, Binding whole, int total, RunOptions options) {
    int rows = blockRows(whole, total);
    RunMemory memory = new RunMemory(options, heldBytes());
    return new BlockRun(
        inputs,
        options,
        memory,
        collector(whole, BlockRun.blocks(total, rows), memory),
        total,
        rows,
        full(whole, total, rows),
        last(whole, total, rows));
  }

  /** Binding of a block of {@code rows}. */
  private Binding full(Binding whole, int total, int rows) {
    return rows < total ? whole.withRows(cut.symbols(), rows) : whole;
  }

  private Binding last(Binding whole, int total, int rows) {
    int left = total - (BlockRun.blocks(total, rows) - 1) * rows;
    return rows < total ? whole.withRows(cut.symbols(), left) : whole;
  }

  private int blockRows(Binding whole, int total) {
    if (total <= 1) {
      return total;
    }
    Binding step = whole.withRows(cut.symbols(), RowCut.ROW_STEP);
    MemoryPlan memory = workers[0].layOut(step);
    if (device == null) {
      return RowCut.blockRows(memory.bytes(), RowCut.BLOCK_BYTES, total, workers.length);
    }
    DeviceBytes there = device.bytes();
    long bytes = there.innerBytes(memory, step) + 2 * there.apartBytes(step);
    return RowCut.blockRows(Math.max(memory.bytes(), bytes), device.blockBytes(), total, 1);
  }

  @Override
  public DeviceNeed deviceNeed(long rows) {
    requireOpen();
    if (device == null) {
      return DeviceNeed.NONE;
    }
    int total = (int) Math.min(rows, Integer.MAX_VALUE);
    long[] values = new long[plan.symbols().size()];
    for (int symbol = 0; symbol < values.length; symbol++) {
      if (!cut.countsRows(symbol)) {
        throw new OnnxException(
            OnnxException.Code.INVALID_INPUT,
            "a run's size depends on the dimension "
                + plan.symbols().get(symbol)
                + " of its inputs too: "
                + plan.signature().inputs());
      }
      values[symbol] = total;
    }
    return deviceNeed(new Binding(plan.symbols(), values), cut.symbols().length == 0 ? 1 : total);
  }

  @Override
  public DeviceNeed deviceNeed(Map<String, ? extends OnnxValue> inputs) {
    requireOpen();
    if (device == null) {
      return DeviceNeed.NONE;
    }
    OnnxValue[] ordered = binder.order(inputs);
    return deviceNeed(binder.bind(ordered), cut.rows(ordered));
  }

  private DeviceNeed deviceNeed(Binding whole, int total) {
    try {
      int rows = blockRows(whole, total);
      Binding full = full(whole, total, rows);
      Binding last = last(whole, total, rows);
      DeviceBytes bytes = device.bytes();
      long inner =
          Math.max(
              bytes.innerBytes(workers[0].layOut(full), full),
              bytes.innerBytes(workers[0].layOut(last), last));
      int blocks = BlockRun.blocks(total, rows);
      long second = blocks == 1 ? 0 : bytes.apartBytes(blocks == 2 ? last : full);
      return new DeviceNeed(bytes.weightBytes(), inner + bytes.apartBytes(full) + second);
    } catch (ArithmeticException e) {
      throw misfit(whole, e);
    }
  }

  private static OnnxException misfit(Binding binding, ArithmeticException e) {
    return new OnnxException(
        OnnxException.Code.INVALID_INPUT,
        "the inputs' shapes (" + binding + ") do not fit the model: " + e.getMessage(),
        e);
  }

  @Override
  public DeviceRelease releaseDevice() {
    return device == null ? DeviceRelease.DONE : device.release();
  }

  private void requireOpen() {
    if (workers == null) {
      throw new IllegalStateException("the session is closed");
    }
  }

  private ResultCollector collector(Binding whole, int blocks, RunMemory memory) {
    try {
      long bytes = 0;
      for (int i = 0; i < resultElements.length; i++) {
        if (resultElements[i] != null) {
          Slot slot = plan.slots().get(plan.outputs()[i]);
          long elements = resultElements[i].evaluate(whole);
          if (elements > Integer.MAX_VALUE) {
            throw new OnnxException(
                OnnxException.Code.LIMIT_EXCEEDED,
                "output '"
                    + slot.name()
                    + "' would have "
                    + elements
                    + " elements, at most 2^31-1"
                    + " are allowed; use smaller batches");
          }
          bytes += elements * slot.info().element().storage().bytes();
        }
      }
      memory.results(bytes);
      return new ResultCollector(plan, whole, blocks);
    } catch (ArithmeticException e) {
      throw misfit(whole, e);
    }
  }

  private long[] heldBytes() {
    long[] held = new long[workers.length];
    for (int i = 0; i < held.length; i++) {
      held[i] = workers[i].bytes();
    }
    return held;
  }

  @Override
  public DeviceUse deviceUse() {
    return device == null ? DeviceUse.NONE : device.use();
  }

  @Override
  public long workspaceBytes() {
    long bytes = 0;
    if (workers != null) {
      for (long held : heldBytes()) {
        bytes += held;
      }
    }
    return bytes;
  }

  @Override
  public void close() {
    if (threads != null) {
      threads.close();
      if (device != null) {
        device.close();
      }
    }
    workers = null;
    threads = null;
  }
}
