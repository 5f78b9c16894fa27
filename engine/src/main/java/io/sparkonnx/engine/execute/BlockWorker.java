package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.RunOptions;
import io.sparkonnx.engine.StepObserver;
import io.sparkonnx.engine.plan.MemoryPlan;
import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.function.LongConsumer;

/** Runs blocks of rows through the whole plan in a workspace of its own. For one thread. */
final class BlockWorker {
  private final Plan plan;
  private final RowCut cut;
  private final int number;
  private final Workspace workspace;
  private final StepRunner runner;
  private final DeviceSide device;
  private final Tensor[] columnBlocks;
  private BlockRun run;
  private LongConsumer memory;
  private Binding bound;
  private Frame frame;

  /**
   * @param number of the worker among those of its session
   * @param observer told of every step, or null
   * @param device where placed steps run; null for the CPU alone
   */
  BlockWorker(Plan plan, RowCut cut, int number, StepObserver observer, DeviceSide device) {
    this.device = device;
    this.plan = plan;
    this.cut = cut;
    this.number = number;
    this.workspace = new Workspace(plan, device == null);
    this.runner = new StepRunner(plan, observer, device);
    this.columnBlocks = new Tensor[plan.inputs().length];
  }

  /** Where the intermediate values lie under {@code binding}. */
  MemoryPlan layOut(Binding binding) {
    return workspace.layOut(binding);
  }

  /** Takes part in a run from now on. */
  void enter(BlockRun entered) {
    run = entered;
    RunMemory held = entered.memory();
    memory = bytes -> held.hold(number, bytes);
    bound = null;
  }

  /** Lets go of the run. */
  void leave() {
    run = null;
    memory = null;
    unbind();
  }

  private void unbind() {
    if (frame != null) {
      frame.leave();
    }
    bound = null;
    frame = null;
  }

  void runBlock(int block) {
    boolean done = false;
    try {
      runRows(block);
      done = true;
    } finally {
      if (device != null && !done) {
        device.reset();
      }
    }
  }

  private void runRows(int block) {
    int from = run.from(block);
    int rows = run.rows(block);
    bind(run.binding(block));
    OnnxValue[] inputs = run.inputs();
    for (int i = 0; i < inputs.length; i++) {
      frame.values()[plan.inputs()[i]] =
          rows < run.total() ? cut(i, inputs[i], from, rows) : inputs[i];
    }
    run.results().open(frame, from, rows, run.total());
    try {
      if (device != null) {
        int[] slabs = layOut(bound).slabElements();
        RunOptions options = run.options();
        device.begin(frame, block, bound, slabs, () -> StepRunner.checkStopped(options));
      }
      runner.run(frame, run.options(), memory, bytes());
      if (device != null) {
        device.end(block == run.blocks() - 1);
      }
      run.results().close(frame, block, from, rows, run.total());
      memory.accept(bytes());
    } finally {
      clear();
    }
  }

  private OnnxValue cut(int input, OnnxValue value, int from, int rows) {
    return switch (cut.axis(input)) {
      case 0 -> frame.rows(plan.inputs()[input], (Tensor) value, from, rows, run.total());
      case 1 -> {
        columnBlocks[input] = Rows.columns((Tensor) value, from, rows, columnBlocks[input]);
        yield columnBlocks[input];
      }
      default -> value;
    };
  }

  private void bind(Binding binding) {
    if (binding == bound) {
      return;
    }
    unbind();
    try {
      RunMemory held = run.memory();
      frame = workspace.frame(binding, bytes -> held.hold(number, bytes + bytesBeside()));
    } catch (ArithmeticException e) {
      throw new OnnxException(
          OnnxException.Code.INVALID_INPUT,
          "the inputs' shapes (" + binding + ") do not fit the model: " + e.getMessage(),
          e);
    }
    bound = binding;
  }

  /** Lets go of what is the caller's. */
  private void clear() {
    for (int i = 0; i < plan.slots().size(); i++) {
      Slot.Place place = plan.slots().get(i).place();
      if (place != Slot.Place.ARENA && place != Slot.Place.CONSTANT) {
        frame.values()[i] = null;
      }
    }
  }

  /** Bytes held at present. */
  long bytes() {
    return workspace.bytes() + bytesBeside();
  }

  private long bytesBeside() {
    long bytes = runner.scratchBytes();
    for (Tensor block : columnBlocks) {
      bytes += block == null ? 0 : Rows.arrayBytes(block);
    }
    return bytes;
  }
}
