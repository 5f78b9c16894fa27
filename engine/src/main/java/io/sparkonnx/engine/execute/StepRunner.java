package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.RunOptions;
import io.sparkonnx.engine.StepObserver;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.op.Evaluation;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.PlanStep;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Runs the steps of a plan over a frame and is what the steps see. */
final class StepRunner implements StepContext {
  private final Plan plan;
  private final StepObserver observer;
  private final DeviceSide device;
  private final Scratch scratch = new Scratch();

  /** By step: whether the binding tells all its shapes, and the slot it is but a view of, or −1. */
  private final boolean[] settled;

  private final int[] viewed;
  private RunOptions options = RunOptions.DEFAULT;
  private LongConsumer memory;
  private long heldBytes;
  private Frame frame;
  private OnnxValue[] values;
  private PlanStep step;
  private int index;
  private List<ValueInfo> inferred;

  /**
   * @param observer told of every step, or null
   * @param device where placed steps run; null for the CPU alone
   */
  StepRunner(Plan plan, StepObserver observer, DeviceSide device) {
    this.plan = plan;
    this.device = device;
    this.observer = observer;
    this.settled = new boolean[plan.steps().size()];
    this.viewed = new int[settled.length];
    SettledShapes shapes = new SettledShapes(plan);
    for (int i = 0; i < settled.length; i++) {
      settled[i] = shapes.of(plan.steps().get(i));
      viewed[i] = shapes.viewedBy(plan.steps().get(i));
    }
  }

  /**
   * Runs all steps.
   *
   * @param block the block's values
   * @param admission asked, before anything large is allocated, for all that is held then
   * @param held bytes that are held already
   */
  void run(Frame block, RunOptions runOptions, LongConsumer admission, long held) {
    options = runOptions;
    memory = admission;
    heldBytes = held;
    frame = block;
    values = block.values();
    for (index = 0; index < settled.length; index++) {
      PlanStep next = plan.steps().get(index);
      if (next.isPrebuiltView()) {
        continue;
      }
      checkCancelled();
      step = next;
      inferred = null;
      if (observer == null) {
        runStep(next);
      } else {
        observe(next);
      }
    }
  }

  private void runStep(PlanStep next) {
    if (next.deviceStep() != null) {
      device.run(next);
      return;
    }
    if (device != null) {
      device.beforeCpu(next);
    }
    if (viewed[index] < 0 || !frame.view(next.outputs()[0], (Tensor) values[viewed[index]])) {
      next.step().run(this);
    }
    if (device != null) {
      device.afterCpu(next);
    }
  }

  /** Work for a device is waited for, so that its time is the step's. */
  private void observe(PlanStep next) {
    long start = System.nanoTime();
    runStep(next);
    if (next.deviceStep() != null) {
      device.queue().finish();
    }
    long nanos = System.nanoTime() - start;
    boolean placed = next.deviceStep() != null;
    observer.ran(next.node().name(), next.node().operator().type(), placed, nanos);
  }

  long scratchBytes() {
    return scratch.bytes();
  }

  @Override
  public int inputs() {
    return step.inputs().length;
  }

  @Override
  public OnnxValue value(int input) {
    return input < step.inputs().length && step.inputs()[input] >= 0
        ? values[step.inputs()[input]]
        : null;
  }

  @Override
  public int outputs() {
    return step.outputs().length;
  }

  @Override
  public boolean wants(int output) {
    return output < step.outputs().length && step.outputs()[output] >= 0;
  }

  private Slot slot(int output) {
    return plan.slots().get(step.outputs()[output]);
  }

  @Override
  public Tensor output(int output) {
    Slot slot = slot(output);
    return slot.place() == Slot.Place.DYNAMIC
        ? output(output, inferredShape(output))
        : (Tensor) values[slot.index()];
  }

  @Override
  public Tensor output(int output, int... dims) {
    Slot slot = slot(output);
    if (slot.place() == Slot.Place.DYNAMIC) {
      values[slot.index()] = allocate(output, slot, dims);
    } else if (!((Tensor) values[slot.index()]).hasDims(dims)) {
      throw wrongShape((Tensor) values[slot.index()], dims);
    }
    return (Tensor) values[slot.index()];
  }

  private Tensor allocate(int output, Slot slot, int[] dims) {
    ElementType type =
        slot.info().isTensor() ? slot.info().element() : inferred().get(output).element();
    long bytes = (long) Tensor.sizeOf(dims) * type.width() * type.storage().bytes();
    if (bytes > options.maxBytes()) {
      throw new OnnxException(
          OnnxException.Code.LIMIT_EXCEEDED,
          step.node().label() + ": output of " + bytes + " bytes, at most " + options.maxBytes());
    }
    heldBytes += bytes;
    memory.accept(heldBytes);
    return Tensor.allocate(type, dims);
  }

  private int[] inferredShape(int output) {
    Shape shape = inferred().get(output).shape();
    if (!shape.isConstant()) {
      throw new IllegalStateException(
          step.node().label() + " did not say the shape of output " + output);
    }
    return shape.values();
  }

  private List<ValueInfo> inferred() {
    if (inferred == null) {
      List<ValueInfo> known = new ArrayList<>();
      for (int i = 0; i < step.inputs().length; i++) {
        OnnxValue value = value(i);
        ValueInfo planned = step.inputs()[i] < 0 ? null : plan.slots().get(step.inputs()[i]).info();
        known.add(value == null ? planned : Evaluation.infoOf(value));
      }
      InferenceContext context =
          new InferenceContext(
              step.node().label(), known, step.outputs().length, () -> Dim.symbol("?"));
      inferred = step.node().operator().infer(context);
    }
    return inferred;
  }

  @Override
  public void set(int output, OnnxValue value) {
    Slot slot = slot(output);
    if (slot.place() == Slot.Place.DYNAMIC) {
      values[slot.index()] = value;
    } else {
      fill((Tensor) values[slot.index()], (Tensor) value);
    }
  }

  /** Copies a value to its planned place, unless it lies there already. */
  private void fill(Tensor planned, Tensor value) {
    if (!planned.sameDims(value)) {
      throw wrongShape(planned, value.dims());
    }
    if (planned.array() != value.array() || planned.offset() != value.offset()) {
      int length = value.size() * value.type().width();
      System.arraycopy(value.array(), value.offset(), planned.array(), planned.offset(), length);
    }
  }

  private IllegalStateException wrongShape(Tensor planned, int[] dims) {
    return new IllegalStateException(
        step.node().label() + " computed the shape " + Shape.of(dims) + ", planned was " + planned);
  }

  @Override
  public Object kept() {
    return settled[index] ? frame.kept()[index] : null;
  }

  @Override
  public void keep(Object made) {
    if (settled[index]) {
      frame.kept()[index] = made;
    }
  }

  @Override
  public Kernels kernels() {
    return plan.kernels();
  }

  @Override
  public Scratch scratch() {
    return scratch;
  }

  @Override
  public void checkCancelled() {
    checkCancelled(options);
  }

  /** As {@link #checkCancelled(RunOptions)}; an interrupt of the thread stops a run too. */
  static void checkStopped(RunOptions options) {
    if (Thread.currentThread().isInterrupted()) {
      throw new OnnxException(OnnxException.Code.CANCELLED, "the run was interrupted");
    }
    checkCancelled(options);
  }

  static void checkCancelled(RunOptions options) {
    if (options.cancelled().getAsBoolean()) {
      throw new OnnxException(OnnxException.Code.CANCELLED, "the run was cancelled");
    }
    if (options.deadline() != RunOptions.NO_DEADLINE
        && System.nanoTime() - options.deadline() > 0) {
      throw new OnnxException(
          OnnxException.Code.LIMIT_EXCEEDED, "the run did not end before its deadline");
    }
  }

  @Override
  public OnnxException error(String message) {
    return new OnnxException(
        OnnxException.Code.INVALID_VALUE, step.node().label() + ": " + message);
  }
}
