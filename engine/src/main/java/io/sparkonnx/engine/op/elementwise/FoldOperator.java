package io.sparkonnx.engine.op.elementwise;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.FloatFold;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.LayoutVariant;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An operator that folds broadcast inputs of one type by a function of two elements: Add, Mul, Max,
 * Sum, And, BitShift, …
 *
 * @param types element types it takes
 * @param alignment how the second input's axes meet the first's
 * @param mean whether the result is divided by the number of inputs
 */
public record FoldOperator(
    String type, Arithmetic f, Types types, Alignment alignment, boolean mean)
    implements FloatFold {

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType element = types.require(context, 0);
    for (int i = 1; i < context.inputs(); i++) {
      context.requireSame(0, i);
    }
    if (mean) {
      return List.of(ValueInfo.of(element, alignment.common(context)));
    }
    Shape shape = alignment.common(context);
    return List.of(
        f == Arithmetic.MIN || f == Arithmetic.MAX
            ? FollowedContents.choose(context, element, shape, f::ofContents)
            : FollowedContents.fold(context, element, shape, f::ofContents));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return alignment.batch(context);
  }

  /** One element fits every layout; everything else must have it, a vector as one row. */
  @Override
  public LayoutVariant inLayout(Layout layout, List<ValueInfo> inputs) {
    if (!alignment.equals(Alignment.FROM_END)) {
      return null;
    }
    List<Layout> layouts = new ArrayList<>();
    for (ValueInfo input : inputs) {
      Shape shape = input.shape();
      if (!shape.hasRank() || shape.rank() > 2) {
        return null;
      }
      layouts.add(shape.size().is(1) ? Layout.ROW_MAJOR : layout);
    }
    return new LayoutVariant(this, layouts, layout);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Dim size = outputs.get(0).shape().hasRank() ? outputs.get(0).shape().size() : Dim.ZERO;
    return size.times(inputs.size() - (mean ? 0 : 1));
  }

  @Override
  public BinaryFunction foldedBy() {
    return mean || !alignment.equals(Alignment.FROM_END) ? null : f.kernel();
  }

  @Override
  public boolean looksAtTypes() {
    return true;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    if (preparation.element(0) != ElementType.FLOAT) {
      String function = DeviceIntegers.function(f, preparation);
      return function == null || mean || !alignment.equals(Alignment.FROM_END)
          ? null
          : DeviceForms.elements(preparation, function);
    }
    boolean fits =
        f.kernel() != null
            && DeviceForms.has(preparation, f.kernel())
            && alignment.equals(Alignment.FROM_END)
            && preparation.inputs().size() > 1
            && preparation.outputRank() <= DeviceForms.MAX_RANK;
    return fits ? this::foldOnDevice : null;
  }

  private void foldOnDevice(DeviceContext context) {
    DeviceForms.binary(
        context, f.kernel(), context.input(0), context.dims(0), context.input(1), context.dims(1));
    int[] dims = context.outputDims();
    for (int next = 2; next < context.inputs(); next++) {
      DeviceForms.binary(
          context, f.kernel(), context.output(), dims, context.input(next), context.dims(next));
    }
    if (mean) {
      DeviceArray count = context.number(context.inputs());
      DeviceForms.binary(context, BinaryFunction.DIV, context.output(), dims, count, new int[0]);
    }
  }

  @Override
  public Step prepare(Preparation preparation) {
    int[] operands = IntStream.range(0, preparation.inputs().size()).toArray();
    if (operands.length == 1) {
      return context -> copy(context.input(0), context.output(0));
    }
    ElementType element = preparation.outputs().get(0).element();
    return new FoldStep(f, arithmetic(preparation, element), alignment, operands, mean);
  }

  /** The arithmetic of this function for one element type. */
  private ArrayArithmetic<?> arithmetic(Preparation preparation, ElementType element) {
    if (!element.isFloatingPoint()) {
      return new LongArithmetic(element);
    }
    boolean kernel = element != ElementType.DOUBLE && f.kernel() != null;
    return kernel ? new FloatArithmetic(preparation.kernels().binary()) : new DoubleArithmetic();
  }

  @SuppressWarnings("SuspiciousSystemArraycopy")
  private static void copy(Tensor x, Tensor y) {
    System.arraycopy(x.array(), x.offset(), y.array(), y.offset(), x.size());
  }

  /** Later inputs are read after the output is first written. */
  @Override
  public boolean canOverwrite(int input) {
    return input <= 1;
  }
}
