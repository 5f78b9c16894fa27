package io.sparkonnx.engine.execute;

import io.sparkonnx.engine.DeviceRelease;
import io.sparkonnx.engine.DeviceUse;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.device.DeviceException;
import io.sparkonnx.engine.device.DeviceQueue;
import io.sparkonnx.engine.device.DeviceTimes;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.Evaluation;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.plan.Plan;
import io.sparkonnx.engine.plan.PlanStep;
import io.sparkonnx.engine.plan.Slot;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs a session's steps that are placed on a device, and moves values for those that are not. */
final class DeviceSide implements DeviceContext, AutoCloseable {
  private final Plan plan;
  private final DeviceWeights weights;
  private final DeviceBytes bytes;

  /** Queues that were closed and may have left work behind. */
  private final List<DeviceQueue> left = new ArrayList<>();

  private DeviceValues there;
  private OnnxValue[] values;
  private Binding binding;
  private Runnable question = () -> {};
  private PlanStep step;
  private DeviceUse use;

  DeviceSide(Plan plan, DeviceWeights weights) {
    this.plan = plan;
    this.weights = weights;
    this.bytes = new DeviceBytes(plan, weights.halves(plan));
    String id = weights.target().device().info().id();
    this.use = new DeviceUse(id, 0, 0, 0, 0, DeviceTimes.NONE);
    weights.hold();
  }

  long blockBytes() {
    return weights.target().blockBytes();
  }

  DeviceBytes bytes() {
    return bytes;
  }

  /**
   * Starts a block.
   *
   * @param frame the block's values
   * @param block its number in the run
   * @param bound its binding
   * @param slabElements elements of the host's slabs, by the number of their storage
   * @param question asked during waits
   */
  void begin(Frame frame, int block, Binding bound, int[] slabElements, Runnable question) {
    if (there == null) {
      there = new DeviceValues(plan, weights, bytes.mirrored());
    }
    values = frame.values();
    binding = bound;
    this.question = question;
    there.queue().onWait(question);
    there.begin(block, slabElements);
  }

  void run(PlanStep placed) {
    step = placed;
    checkShapes();
    placed.deviceStep().run(this);
    there.written(plan.slots().get(placed.outputs()[0]));
    use = use.plus(new DeviceUse(null, 1, 0, 0, 0, DeviceTimes.NONE));
  }

  /**
   * Kernels do not look at bounds, so shapes that a run alone knows are looked at before. Contents
   * are known of what is read on the host.
   */
  private void checkShapes() {
    List<ValueInfo> known = new ArrayList<>();
    for (int input = 0; input < step.inputs().length; input++) {
      int slot = step.inputs()[input];
      boolean host = step.node().operator().readsOnHost(input);
      if (host) {
        toHost(slot);
      }
      known.add(slot < 0 ? null : known(plan.slots().get(slot), host));
    }
    InferenceContext context =
        new InferenceContext(step.node().label(), known, 1, () -> Dim.symbol("?"));
    Shape shape = step.node().operator().infer(context).get(0).shape();
    if (!shape.isConstant() || !Arrays.equals(shape.values(), outputDims())) {
      throw context.error("inputs " + known + " give " + shape);
    }
  }

  private ValueInfo known(Slot slot, boolean contents) {
    OnnxValue value = values[slot.index()];
    if (value == null) {
      return slot.info();
    }
    return contents || !(value instanceof Tensor tensor)
        ? Evaluation.infoOf(value)
        : ValueInfo.of(tensor.type(), Shape.of(tensor.dims()));
  }

  /** Before the CPU runs a step. */
  void beforeCpu(PlanStep next) {
    for (int input = 0; input < next.inputs().length; input++) {
      if (next.node().operator().readsElements(input)) {
        toHost(next.inputs()[input]);
      }
    }
  }

  /** After the CPU has run a step. */
  void afterCpu(PlanStep last) {
    for (int output : last.outputs()) {
      if (output >= 0) {
        there.writtenOnHost(plan.slots().get(output));
      }
    }
    use = use.plus(new DeviceUse(null, 0, 1, 0, 0, DeviceTimes.NONE));
  }

  /**
   * Ends a block; its results are on the host when the next has ended.
   *
   * @param last whether there is none, so that they are brought now
   */
  void end(boolean last) {
    there.end(plan.outputs(), values, last);
    if (last) {
      there.queue().onWait(() -> {});
    }
  }

  /** Frees the memory of the device but for the weights; when all is free that was taken so far. */
  DeviceRelease release() {
    if (there != null) {
      there.queue().onWait(question);
      try {
        there.release();
        there.queue().onWait(() -> {});
      } catch (DeviceException | OnnxException e) {
        // The run has its results; a device that failed, or a cancellation, is told by the next
        // one.
        reset();
      }
      question = () -> {};
    }
    if (left.isEmpty()) {
      return DeviceRelease.DONE;
    }
    List<DeviceQueue> queues = List.copyOf(left);
    left.clear();
    return () -> queues.stream().allMatch(DeviceQueue::isReleased);
  }

  private void toHost(int slot) {
    if (slot >= 0) {
      there.toHost(plan.slots().get(slot), values[slot]);
    }
  }

  DeviceUse use() {
    return there == null ? use : use.plus(there.use());
  }

  /** Lets go of what a failed block may have left half done. */
  void reset() {
    if (there != null) {
      use = use();
      there.close();
      left.add(there.queue());
      there = null;
    }
  }

  @Override
  public void close() {
    reset();
    weights.close();
  }

  @Override
  public DeviceQueue queue() {
    return there.queue();
  }

  @Override
  public int inputs() {
    return step.inputs().length;
  }

  @Override
  public boolean has(int input) {
    return input < step.inputs().length && step.inputs()[input] >= 0;
  }

  private Tensor value(int slot) {
    return (Tensor) values[slot];
  }

  @Override
  public int[] dims(int input) {
    return value(step.inputs()[input]).dims();
  }

  @Override
  public DeviceArray input(int input) {
    int slot = step.inputs()[input];
    return there.read(plan.slots().get(slot), value(slot));
  }

  @Override
  public DeviceArray factor(int input) {
    int slot = step.inputs()[input];
    return bytes.isHalf(slot)
        ? weights.half(slot, (FloatTensor) value(slot), queue())
        : input(input);
  }

  @Override
  public Tensor host(int input) {
    return has(input) ? value(step.inputs()[input]) : null;
  }

  @Override
  public int[] outputDims() {
    return value(step.outputs()[0]).dims();
  }

  @Override
  public DeviceArray output() {
    int slot = step.outputs()[0];
    return there.write(plan.slots().get(slot), value(slot));
  }

  @Override
  public DeviceArray scratch(int elements) {
    long said = step.deviceStep().scratch().evaluate(binding);
    if (elements > said) {
      throw new IllegalStateException(
          step.node().label() + " asks for " + elements + " elements, and said " + said);
    }
    return there.scratch(elements);
  }

  @Override
  public DeviceArray upload(float[] elements) {
    DeviceArray array = scratch(elements.length);
    queue().write(array.buffer(), array.offset(), elements, 0, elements.length);
    return array;
  }

  @Override
  public DeviceArray kept(float[] elements) {
    long said = step.deviceStep().keptElements();
    if (elements.length != said) {
      throw new IllegalStateException(
          step.node().label() + " keeps " + elements.length + " elements, and said " + said);
    }
    return weights.kept(step.outputs()[0], elements, queue());
  }

  @Override
  public DeviceArray number(float value) {
    return there.number(value);
  }

  @Override
  public OnnxException error(String message) {
    return new OnnxException(
        OnnxException.Code.INVALID_VALUE, step.node().label() + ": " + message);
  }
}
