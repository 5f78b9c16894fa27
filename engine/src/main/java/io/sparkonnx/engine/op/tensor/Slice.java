package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Elements from {@code starts} to before {@code ends} of the axes {@code axes}, every {@code
 * steps}-th one; negative steps go backwards. Negative starts and ends count from the axis' end;
 * both are clamped to it. They are attributes (opset 1, without steps) or inputs 1 to 4 (from 10).
 */
public final class Slice implements Operator {
  private final long[] starts;
  private final long[] ends;
  private final long[] axes;

  private Slice(long[] starts, long[] ends, long[] axes) {
    this.starts = starts;
    this.ends = ends;
    this.axes = axes;
  }

  static Slice fromAttributes(Attributes attributes) {
    long[] starts = attributes.integers("starts");
    long[] ends = attributes.integers("ends");
    long[] axes = attributes.integers("axes");
    if (starts == null || ends == null || starts.length != ends.length) {
      throw attributes.error("attributes 'starts' and 'ends' must be there and equally long");
    }
    if (axes != null && axes.length != starts.length) {
      throw attributes.error(starts.length + " starts for " + axes.length + " axes");
    }
    long[] all = IntStream.range(0, starts.length).asLongStream().toArray();
    return new Slice(starts, ends, axes == null ? all : axes);
  }

  static Slice fromInputs(Attributes attributes) {
    return new Slice(null, null, null);
  }

  /** Elements [from, to) of one axis. */
  static Slice between(long axis, long from, long to) {
    return new Slice(new long[] {from}, new long[] {to}, new long[] {axis});
  }

  @Override
  public String type() {
    return "Slice";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape from = context.shape(0);
    if (!from.hasRank()) {
      return List.of(ValueInfo.of(context.element(0), Shape.UNKNOWN));
    }
    long[] sliced = axes(context);
    if (sliced == null) {
      return List.of(ValueInfo.of(context.element(0), context.freshShape(from.rank())));
    }
    List<Dim> first = starts != null ? Integers.dims(starts) : Integers.symbolic(context, 1);
    List<Dim> last = starts != null ? Integers.dims(ends) : Integers.symbolic(context, 2);
    long[] steps = steps(context, sliced.length);
    checkLength(context, "starts", first, sliced);
    checkLength(context, "ends", last, sliced);
    int[] along = Integers.axes(context, sliced, from.rank());
    Shape result = from;
    for (int i = 0; i < along.length; i++) {
      boolean known = first != null && last != null && steps != null;
      Dim length =
          known
              ? SliceBounds.length(
                  from.dim(along[i]), first.get(i), last.get(i), steps[i], far(from, along[i]))
              : null;
      result = result.with(along[i], length != null ? length : context.fresh());
    }
    List<Dim> contents = context.contents(0);
    boolean follow = contents != null && from.rank() == 1 && result.isConstant();
    if (follow && along.length == 0) {
      return List.of(context.input(0));
    }
    return List.of(
        follow
            ? ValueInfo.ofContents(
                context.element(0), false, picked(contents, first.get(0), result, steps[0]))
            : ValueInfo.of(context.element(0), result));
  }

  /** The greatest length an axis can have, given that a tensor has at most 2^31−1 elements. */
  private static long far(Shape shape, int axis) {
    long others = 1;
    for (int i = 0; i < shape.rank(); i++) {
      boolean counts = i != axis && shape.dim(i).isConstant() && !shape.dim(i).is(0);
      others *= counts ? Math.min(shape.dim(i).value(), Integer.MAX_VALUE / others) : 1;
    }
    return Integer.MAX_VALUE / others;
  }

  private static List<Dim> picked(List<Dim> contents, Dim first, Shape result, long step) {
    long at = SliceBounds.start(first.value(), contents.size(), step);
    List<Dim> picked = new ArrayList<>();
    for (long i = 0; i < result.dim(0).value(); i++) {
      picked.add(contents.get((int) (at + i * step)));
    }
    return picked;
  }

  private long[] axes(InferenceContext context) {
    if (axes != null) {
      return axes;
    }
    if (context.has(3)) {
      return Integers.known(context, 3);
    }
    int count = Integers.count(context, 1);
    return count < 0 ? null : IntStream.range(0, count).asLongStream().toArray();
  }

  private long[] steps(InferenceContext context, int count) {
    long[] steps = new long[count];
    Arrays.fill(steps, 1);
    if (starts == null && context.has(4)) {
      steps = Integers.known(context, 4);
    }
    if (steps != null && steps.length != count) {
      throw context.error(steps.length + " steps for " + count + " axes");
    }
    if (steps != null && Arrays.stream(steps).anyMatch(step -> step == 0)) {
      throw context.error("a step is 0");
    }
    return steps;
  }

  private static void checkLength(
      InferenceContext context, String what, List<Dim> values, long[] axes) {
    if (values != null && values.size() != axes.length) {
      throw context.error(values.size() + " " + what + " for " + axes.length + " axes");
    }
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis axis = context.axis(0);
    for (int i = 1; i < context.inputs(); i++) {
      if (context.axis(i).isRows()) {
        return context.coupled("the bounds depend on the rows' values");
      }
    }
    if (!axis.isRows()) {
      boolean size =
          IntStream.range(0, context.inputs()).anyMatch(i -> !context.axis(i).isShared());
      return context.all(size ? BatchAxis.SIZE : BatchAxis.SHARED);
    }
    Shape from = context.input(0).shape();
    Shape to = context.output(0).shape();
    if (!to.hasRank() || !to.dim(axis.axis()).equals(from.dim(axis.axis()))) {
      return context.coupled("slices the batch axis");
    }
    return reverses(context, axis.axis())
        ? context.coupled("reverses the batch axis")
        : context.all(axis);
  }

  private boolean reverses(BatchContext context, int axis) {
    if (starts != null || context.inputs() < 5 || context.input(4) == null) {
      return false;
    }
    long[] steps = context.input(4).constantContents();
    return steps == null
        || (Arrays.stream(steps).anyMatch(step -> step < 0) && slices(context, axis));
  }

  private static boolean slices(BatchContext context, int axis) {
    long[] sliced = context.input(3) == null ? null : context.input(3).constantContents();
    int rank = context.input(0).shape().rank();
    return sliced == null || Arrays.stream(sliced).anyMatch(a -> (a < 0 ? a + rank : a) == axis);
  }

  @Override
  public boolean readsOnHost(int input) {
    return input > 0;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return this::sliceOnDevice;
  }

  private void sliceOnDevice(DeviceContext context) {
    int[] dims = context.outputDims();
    Box box = box(context.dims(0), dims, context::host);
    DeviceArray x = context.input(0);
    ElementwiseKernels.copy(
        context.queue(),
        new DeviceArray(x.buffer(), x.offset() + box.first),
        box.strides,
        context.output(),
        StridedCopy.strides(dims),
        dims);
  }

  @Override
  public Step prepare(Preparation preparation) {
    Movement.Layout layout = (context, data, outputs) -> copies(context, data[0], outputs[0]);
    boolean settled = true;
    for (int i = 1; i < preparation.inputs().size(); i++) {
      settled &= !preparation.has(i) || preparation.constant(i) != null;
    }
    return settled
        ? Movement.copying(this, layout, 0)
        : Movement.step(this, Movement.movement(layout), 0);
  }

  private Copies copies(StepContext context, Tensor input, Tensor output) {
    int[] dims = output.dims();
    Box box = box(input.dims(), dims, i -> i < context.inputs() ? context.input(i) : null);
    return Copies.one(input, box.first, box.strides, dims, StridedCopy.strides(dims));
  }

  /**
   * What is read of the input.
   *
   * @param first its first element
   * @param strides along the output's axes
   */
  private record Box(int first, int[] strides) {}

  /**
   * @param given the input of this index, null for a left-out one
   */
  private Box box(int[] from, int[] to, IntFunction<Tensor> given) {
    int[] strides = StridedCopy.strides(from);
    long[] begins = starts != null ? starts : Integers.of(given.apply(1));
    Tensor named = axes != null ? null : given.apply(3);
    Tensor steps = starts != null ? null : given.apply(4);
    int first = 0;
    for (int i = 0; i < begins.length; i++) {
      long axis = axes != null ? axes[i] : named != null ? named.longAt(i) : i;
      int along = (int) (axis < 0 ? axis + from.length : axis);
      long step = steps != null ? steps.longAt(i) : 1;
      first += (int) SliceBounds.start(begins[i], from[along], step) * strides[along];
      strides[along] *= (int) (to[along] <= 1 ? 1 : step);
    }
    return new Box(first, strides);
  }
}
