package io.sparkonnx.engine.op.math;

import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.UnaryKernel;
import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
import io.sparkonnx.engine.op.AbsorbableFunction;
import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.LayoutVariant;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.op.elementwise.ArrayArithmetic;
import io.sparkonnx.engine.op.elementwise.Elements;
import io.sparkonnx.engine.op.elementwise.FollowedContents;
import io.sparkonnx.engine.op.elementwise.Types;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * Clip: min(max(x, low), high), so high wins where the bounds cross. Bounds are attributes before
 * opset 11, then the inputs 1 and 2, of one element each. A bound that is left out is the type's
 * lowest or highest finite number.
 *
 * @param low the attribute, or null where there is none
 * @param high the attribute, or null where there is none
 */
record Clip(Float low, Float high) implements AbsorbableFunction {
  static Clip fromAttributes(Attributes attributes) {
    Float low = attributes.has("min") ? (Float) attributes.real("min") : null;
    Float high = attributes.has("max") ? (Float) attributes.real("max") : null;
    return new Clip(low, high);
  }

  @Override
  public String type() {
    return "Clip";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType element = Types.NUMBERS.require(context, 0);
    for (int i = 1; i < context.inputs(); i++) {
      if (context.has(i)) {
        context.requireSame(0, i);
        requireOne(context, i);
      }
    }
    return List.of(FollowedContents.map(context, element, x -> clipped(context, x)));
  }

  private static void requireOne(InferenceContext context, int input) {
    Shape shape = context.shape(input);
    if (shape.hasRank() && shape.size().isConstant() && !shape.size().is(1)) {
      throw context.error("input " + input + " has shape " + shape + ", expected one element");
    }
  }

  private static Dim clipped(InferenceContext context, Dim x) {
    Dim result = x;
    if (context.has(1)) {
      result = context.contents(1) == null ? null : result.max(context.contents(1).get(0));
    }
    if (context.has(2) && result != null) {
      result = context.contents(2) == null ? null : result.min(context.contents(2).get(0));
    }
    return result;
  }

  @Override
  public Activation asActivation(List<ValueInfo> inputs) {
    Float min = constantBound(inputs, 1, low, -Float.MAX_VALUE);
    Float max = constantBound(inputs, 2, high, Float.MAX_VALUE);
    return min == null || max == null ? null : new Activation(UnaryFunction.CLIP, min, max);
  }

  private static Float constantBound(
      List<ValueInfo> inputs, int input, Float given, float otherwise) {
    ValueInfo info = input < inputs.size() ? inputs.get(input) : null;
    if (info == null) {
      return given == null ? (Float) otherwise : given;
    }
    return info.constant() == null ? null : (Float) (float) info.constant().doubleAt(0);
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.keepsAxis();
  }

  @Override
  public LayoutVariant inLayout(Layout layout, List<ValueInfo> inputs) {
    LayoutVariant first = LayoutVariant.firstInput(this, layout, inputs.size());
    return new LayoutVariant(this, first.inputs(), layout);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape shape = outputs.get(0).shape();
    return shape.hasRank() ? shape.size().times(2) : Dim.ZERO;
  }

  @Override
  public boolean canOverwrite(int input) {
    return input == 0;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    Activation clip = asActivation(preparation.inputs());
    return clip == null
        ? null
        : context ->
            ElementwiseKernels.unary(
                context.queue(),
                clip.function(),
                clip.alpha(),
                clip.beta(),
                context.input(0),
                context.output(),
                DeviceForms.size(context.outputDims()));
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType element = preparation.input(0).element();
    UnaryKernel kernel = preparation.kernels().unary();
    if (!element.isFloatingPoint()) {
      return context -> integers(context, element);
    }
    if (element == ElementType.DOUBLE) {
      return this::doubles;
    }
    return element == ElementType.FLOAT
        ? context -> floats(context, kernel)
        : context -> halves(context, kernel);
  }

  private void floats(StepContext context, UnaryKernel kernel) {
    FloatTensor x = context.floats(0);
    FloatTensor y = context.floatOutput(0);
    float min = (float) bound(context, 1, low, -Float.MAX_VALUE);
    float max = (float) bound(context, 2, high, Float.MAX_VALUE);
    int length = y.size();
    kernel.apply(
        UnaryFunction.CLIP, min, max, x.array(), x.offset(), y.array(), y.offset(), length);
  }

  private void halves(StepContext context, UnaryKernel kernel) {
    Tensor x = context.input(0);
    Tensor y = context.output(0);
    double largest = x.type() == ElementType.FLOAT16 ? 65504 : 0x1.FEp127;
    float min = (float) bound(context, 1, low, -largest);
    float max = (float) bound(context, 2, high, largest);
    int block = ArrayArithmetic.BLOCK;
    float[] floats = context.scratch().floats(0, block);
    for (int start = 0; start < y.size(); start += block) {
      int length = Math.min(block, y.size() - start);
      Elements.load(x, x.offset() + start, 1, floats, 0, length);
      kernel.apply(UnaryFunction.CLIP, min, max, floats, 0, floats, 0, length);
      Elements.store(floats, 0, y, y.offset() + start, length);
    }
  }

  private void doubles(StepContext context) {
    DoubleTensor x = context.doubles(0);
    DoubleTensor y = (DoubleTensor) context.output(0);
    double min = bound(context, 1, low, -Double.MAX_VALUE);
    double max = bound(context, 2, high, Double.MAX_VALUE);
    for (int i = 0; i < y.size(); i++) {
      y.array()[y.offset() + i] = Math.min(Math.max(x.get(i), min), max);
    }
  }

  private static double bound(StepContext context, int input, Float given, double otherwise) {
    Tensor bound = input < context.inputs() ? context.input(input) : null;
    if (bound != null) {
      return bound.doubleAt(0);
    }
    return given == null ? otherwise : given;
  }

  /** Unsigned 64-bit integers compare as signed ones with the highest bit flipped. */
  private static void integers(StepContext context, ElementType element) {
    Tensor x = context.input(0);
    Tensor y = context.output(0);
    Tensor low = context.inputs() > 1 ? context.input(1) : null;
    Tensor high = context.inputs() > 2 ? context.input(2) : null;
    long flip = element == ElementType.UINT64 ? Long.MIN_VALUE : 0;
    long min = low == null ? Long.MIN_VALUE : low.longAt(0) ^ flip;
    long max = high == null ? Long.MAX_VALUE : high.longAt(0) ^ flip;
    long[] longs = new long[ArrayArithmetic.BLOCK];
    for (int start = 0; start < y.size(); start += longs.length) {
      int length = Math.min(longs.length, y.size() - start);
      Elements.load(x, x.offset() + start, 1, longs, 0, length);
      for (int i = 0; i < length; i++) {
        longs[i] = Math.min(Math.max(longs[i] ^ flip, min), max) ^ flip;
      }
      Elements.store(longs, 0, y, y.offset() + start, length);
    }
  }
}
