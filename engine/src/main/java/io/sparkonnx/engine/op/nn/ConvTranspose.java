package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.HalfPrecision;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.nn.WindowAttributes.AutoPad;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * ConvTranspose: every element of X[N, C, in…] adds its multiple of the kernel W[C, M/group,
 * kernel…] to Y[N, M, out…], at steps of the stride; then B[M] is added. For float, double, float16
 * and bfloat16.
 *
 * @param window window size, steps and padding
 * @param group number of groups of channels
 * @param outputPadding elements added behind the output per spatial axis, or null for none
 * @param outputShape lengths of the output's spatial axes, from which the padding follows, or null
 */
record ConvTranspose(WindowAttributes window, int group, int[] outputPadding, int[] outputShape)
    implements Operator {

  static ConvTranspose of(Attributes attributes) {
    long group = attributes.integer("group", 1);
    if (group < 1 || group > Integer.MAX_VALUE) {
      throw attributes.error("group is " + group + ", expected at least 1");
    }
    return new ConvTranspose(
        WindowAttributes.of(attributes),
        (int) group,
        WindowAttributes.lengths(attributes, "output_padding", 0),
        WindowAttributes.lengths(attributes, "output_shape", 0));
  }

  @Override
  public String type() {
    return "ConvTranspose";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type =
        context.require(
            0, ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.BFLOAT16);
    context.requireSame(0, 1);
    Shape x = context.shape(0);
    Shape w = context.shape(1);
    if (!x.hasRank() || !w.hasRank()) {
      return List.of(ValueInfo.of(type, Shape.UNKNOWN));
    }
    ImageShape.require(context, "X", x, 1);
    if (w.rank() != x.rank()) {
      throw context.error("X has shape " + x + " but W has shape " + w);
    }
    requireChannels(context, x, w);
    int rank = x.rank() - 2;
    window.check(context, rank);
    WindowAttributes.check(context, "output_padding", outputPadding, rank);
    WindowAttributes.check(context, "output_shape", outputShape, rank);
    List<Dim> dims = new ArrayList<>(List.of(x.dim(0), w.dim(1).times(group)));
    for (int axis = 0; axis < rank; axis++) {
      dims.add(outputLength(context, axis, rank, x.dim(2 + axis), w.dim(2 + axis)));
    }
    return List.of(ValueInfo.of(type, Shape.of(dims)));
  }

  private void requireChannels(InferenceContext context, Shape x, Shape w) {
    Dim channels = x.dim(1);
    boolean known = channels.isConstant() && w.dim(0).isConstant();
    if (known && !channels.equals(w.dim(0))) {
      throw context.error("X has " + channels + " channels but W " + w + " takes " + w.dim(0));
    }
    if (channels.isConstant() && channels.value() % group != 0) {
      throw context.error("X has " + channels + " channels, which " + group + " does not divide");
    }
    if (context.has(2)) {
      context.requireSame(0, 2);
      Shape b = context.shape(2);
      Dim outputs = w.dim(1).times(group);
      if (b.isConstant() && outputs.isConstant() && !b.size().equals(outputs)) {
        throw context.error("B has " + b.size() + " elements but W gives " + outputs + " channels");
      }
    }
  }

  private Dim outputLength(InferenceContext context, int axis, int rank, Dim length, Dim size) {
    if (outputShape != null) {
      return Dim.of(outputShape[axis]);
    }
    if (window.autoPad().isSame()) {
      return length.times(window.stride(axis));
    }
    Dim extent = size.plus(-1).times(window.dilation(axis)).plus(1);
    int padding = window.pads() == null ? 0 : window.pads()[axis] + window.pads()[rank + axis];
    Dim output =
        length
            .plus(-1)
            .times(window.stride(axis))
            .plus(extent)
            .plus(outputPadding(axis))
            .plus(-padding);
    if (output.isConstant() && output.value() < 0) {
      throw context.error("padding " + padding + " is larger than the output's axis " + axis);
    }
    return output;
  }

  private int outputPadding(int axis) {
    return outputPadding == null ? 0 : outputPadding[axis];
  }

  /** Padding cut off before the first element of the output along a spatial axis. */
  int padBegin(int axis, int length, int size, int output) {
    if (outputShape == null && !window.autoPad().isSame()) {
      return window.pads() == null ? 0 : window.pads()[axis];
    }
    int extent = (size - 1) * window.dilation(axis) + 1;
    int full = (length - 1) * window.stride(axis) + outputPadding(axis) + extent;
    int total = Math.max(0, full - output);
    return window.autoPad() == AutoPad.SAME_UPPER ? total / 2 : total - total / 2;
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.keepsAxis(ImageShape.axesFrom(1, context.input(0).shape()));
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape x = inputs.get(0).shape();
    Shape w = inputs.get(1).shape();
    return x.hasRank() && w.hasRank() ? x.size().times(w.product(1, w.rank())).times(2) : Dim.ZERO;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return DeviceWindows.transposed(this, preparation);
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType type = preparation.input(0).element();
    if (type == ElementType.DOUBLE) {
      return new DoubleConvTranspose(this);
    }
    return HalfPrecision.isHalf(type)
        ? HalfPrecision.prepare(preparation, p -> new FloatConvTranspose(this))
        : new FloatConvTranspose(this);
  }
}
