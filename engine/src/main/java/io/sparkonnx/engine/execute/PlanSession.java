package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.RunOptions;
import io.sparkonnx.engine.Session;
import io.sparkonnx.engine.StepObserver;
import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.Arrays;
import java.util.Map;

/** Runs one plan on the caller's thread, in blocks of rows where the plan allows it. */
public final class PlanSession implements Session {
  /** Intermediate bytes of one block: half of a common second-level cache. */
  private static final long BLOCK_BYTES = 512 << 10;

  private static final int MAX_BLOCK_ROWS = 4096;

  /** Blocks have a multiple of so many rows: two vectors, as wide as kernels are. */
  private static final int ROW_STEP = 32;

  private final Plan plan;
  private final InputBinder binder;
  private final int[] rowSymbols;
  private final Tensor[] columnBlocks;
  private Workspace workspace;
  private StepRunner runner;

  /** Bytes of the outputs of the run that is going on, as far as they are planned. */
  private long resultBytes;

  /**
   * @param observer told of every step, or null
   */
  public PlanSession(Plan plan, StepObserver observer) {
    this.plan = plan;
    this.binder = new InputBinder(plan);
    this.rowSymbols = rowSymbols();
    this.columnBlocks = new Tensor[plan.inputs().length];
    this.workspace = new Workspace(plan);
    this.runner = new StepRunner(plan, observer);
  }

  /** Symbols that count rows; empty where a run cannot be cut into blocks. */
  private int[] rowSymbols() {
    boolean cuttable =
        plan.batching().rowsAreIndependent()
            && Arrays.stream(plan.inputs()).mapToObj(plan.slots()::get).allMatch(this::isCuttable)
            && plan.batching().outputAxes().values().stream().allMatch(axis -> axis == 0);
    if (!cuttable) {
      return new int[0];
    }
    return Arrays.stream(plan.inputs())
        .mapToObj(plan.slots()::get)
        .filter(slot -> rowAxis(slot) >= 0)
        .map(slot -> ((TensorType) slot.info().type()).shape().dim(rowAxis(slot)).symbolName())
        .mapToInt(plan.symbols()::indexOf)
        .distinct()
        .toArray();
  }

  /** Rows lead, or count the columns of a matrix; or the input has none. */
  private boolean isCuttable(Slot slot) {
    int axis = rowAxis(slot);
    return axis <= 0 || (axis == 1 && ((TensorType) slot.info().type()).shape().rank() == 2);
  }

  /** The axis of an input that counts rows, or −1. */
  private int rowAxis(Slot slot) {
    return plan.batching().inputAxes().getOrDefault(slot.name(), -1);
  }

  @Override
  public Map<String, OnnxValue> run(Map<String, ? extends OnnxValue> inputs, RunOptions options) {
    if (workspace == null) {
      throw new IllegalStateException("the session is closed");
    }
    OnnxValue[] ordered = binder.order(inputs);
    Binding whole = binder.bind(ordered);
    int total = rows(ordered);
    int block = total > 1 ? blockRows(whole, total) : total;
    ResultCollector results = collector(whole, options);
    if (block >= total) {
      runBlock(ordered, whole, 0, total, total, results, options);
    } else {
      for (int from = 0; from < total; from += block) {
        int rows = Math.min(block, total - from);
        Binding binding = whole.withRows(rowSymbols, rows);
        runBlock(ordered, binding, from, rows, total, results, options);
      }
    }
    return results.finish();
  }

  private ResultCollector collector(Binding whole, RunOptions options) {
    try {
      long bytes = 0;
      for (int output : plan.outputs()) {
        Slot slot = plan.slots().get(output);
        if (slot.place() == Slot.Place.RESULT) {
          long elements = slot.info().shape().size().evaluate(whole);
          bytes += elements * slot.info().element().storage().bytes();
        }
      }
      admit(bytes, options);
      resultBytes = bytes;
      options.memory().accept(workspaceBytes() + resultBytes);
      return new ResultCollector(plan, whole);
    } catch (ArithmeticException e) {
      throw new OnnxException(
          OnnxException.Code.INVALID_INPUT,
          "the inputs' shapes (" + whole + ") do not fit the model: " + e.getMessage(),
          e);
    }
  }

  /** The number of rows that all batch inputs have, or 1 where the run cannot be cut. */
  private int rows(OnnxValue[] inputs) {
    if (rowSymbols.length == 0) {
      return 1;
    }
    int rows = -1;
    for (int i = 0; i < inputs.length; i++) {
      int axis = rowAxis(plan.slots().get(plan.inputs()[i]));
      if (axis >= 0) {
        int these = ((Tensor) inputs[i]).dim(axis);
        if (rows >= 0 && rows != these) {
          return 1;
        }
        rows = these;
      }
    }
    return rows;
  }

  private int blockRows(Binding whole, int total) {
    long bytes = workspace.layOut(whole.withRows(rowSymbols, ROW_STEP)).bytes();
    long rows = bytes == 0 ? MAX_BLOCK_ROWS : BLOCK_BYTES * ROW_STEP / bytes;
    int block = (int) Math.max(1, Math.min(MAX_BLOCK_ROWS, rows));
    return Math.min(total, block >= ROW_STEP ? block / ROW_STEP * ROW_STEP : block);
  }

  private void runBlock(
      OnnxValue[] inputs,
      Binding binding,
      int from,
      int rows,
      int total,
      ResultCollector results,
      RunOptions options) {
    Frame frame = frame(binding, options);
    for (int i = 0; i < inputs.length; i++) {
      Slot slot = plan.slots().get(plan.inputs()[i]);
      frame.values()[slot.index()] =
          rows < total ? cut(i, rowAxis(slot), inputs[i], from, rows, total) : inputs[i];
    }
    results.open(frame, from, rows, total);
    try {
      runner.run(frame, options, workspaceBytes() + resultBytes);
      results.close(frame);
    } finally {
      clear(frame);
    }
  }

  private OnnxValue cut(int input, int axis, OnnxValue value, int from, int rows, int total) {
    return switch (axis) {
      case 0 -> Rows.slice((Tensor) value, from, rows, total);
      case 1 -> {
        columnBlocks[input] = Rows.columns((Tensor) value, from, rows, columnBlocks[input]);
        yield columnBlocks[input];
      }
      default -> value;
    };
  }

  private Frame frame(Binding binding, RunOptions options) {
    try {
      return workspace.frame(
          binding,
          bytes -> {
            admit(bytes, options);
            long held = workspace.bytesWith(binding) + runner.scratchBytes();
            options.memory().accept(held + resultBytes);
          });
    } catch (ArithmeticException e) {
      throw new OnnxException(
          OnnxException.Code.INVALID_INPUT,
          "the inputs' shapes (" + binding + ") do not fit the model: " + e.getMessage(),
          e);
    }
  }

  private static void admit(long bytes, RunOptions options) {
    if (bytes > options.maxBytes()) {
      throw new OnnxException(
          OnnxException.Code.LIMIT_EXCEEDED,
          "the run needs " + bytes + " bytes, at most " + options.maxBytes() + " are allowed");
    }
  }

  /** Lets go of what is the caller's. */
  private void clear(Frame frame) {
    for (Slot slot : plan.slots()) {
      if (slot.place() != Slot.Place.ARENA && slot.place() != Slot.Place.CONSTANT) {
        frame.values()[slot.index()] = null;
      }
    }
  }

  @Override
  public long workspaceBytes() {
    return workspace == null ? 0 : workspace.bytes() + runner.scratchBytes() + blockBytes();
  }

  private long blockBytes() {
    long bytes = 0;
    for (Tensor block : columnBlocks) {
      bytes += block == null ? 0 : Rows.arrayBytes(block);
    }
    return bytes;
  }

  @Override
  public void close() {
    workspace = null;
    runner = null;
    Arrays.fill(columnBlocks, null);
  }
}
