package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.EndsInActivation;
import io.sparkonnx.engine.op.HalfPrecision;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Conv: Y[N, M, out…] = activation(X[N, C, in…] ⋆ W[M, C/group, kernel…] + B[M]), for float,
 * double, float16 and bfloat16.
 *
 * @param window window size, steps and padding
 * @param group number of groups of channels
 * @param activation applied to the float result; ONNX's own Conv has none
 */
public record Conv(WindowAttributes window, int group, Activation activation)
    implements EndsInActivation {

  static Conv of(Attributes attributes) {
    long group = attributes.integer("group", 1);
    if (group < 1 || group > Integer.MAX_VALUE) {
      throw attributes.error("group is " + group + ", expected at least 1");
    }
    return new Conv(WindowAttributes.of(attributes), (int) group, Activation.NONE);
  }

  @Override
  public Conv withActivation(Activation function) {
    return new Conv(window, group, function);
  }

  /**
   * This convolution with the pooling of its result in one operator, or null where there is none
   * such.
   *
   * @param next what reads the result
   */
  public Operator pooledBy(Operator next) {
    boolean halving =
        next instanceof MaxPool pool
            && !pool.indices()
            && !pool.window().dependsOnImage()
            && pool.window().window(pool.window().kernel(), null).isHalving();
    return halving ? new PooledConv(this) : null;
  }

  @Override
  public String type() {
    return "Conv";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type =
        context.require(
            0, ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.BFLOAT16);
    context.requireSame(0, 1);
    if (context.has(2)) {
      context.requireSame(0, 2);
    }
    Shape x = context.shape(0);
    Shape w = context.shape(1);
    return List.of(ValueInfo.of(type, outputShape(context, x, w)));
  }

  /** Shape of the output; also ConvInteger's. */
  Shape outputShape(InferenceContext context, Shape x, Shape w) {
    if (!x.hasRank() || !w.hasRank()) {
      return Shape.UNKNOWN;
    }
    ImageShape.require(context, "X", x, 1);
    if (w.rank() != x.rank()) {
      throw context.error("X has shape " + x + " but W has shape " + w);
    }
    int rank = x.rank() - 2;
    window.check(context, rank);
    Dim channels = x.dim(1);
    Dim expected = w.dim(1).times(group);
    if (channels.isConstant() && expected.isConstant() && !channels.equals(expected)) {
      throw context.error(
          String.format(
              Locale.ROOT,
              "X has %s channels but W %s in %d groups expects %s",
              channels,
              w,
              group,
              expected));
    }
    if (w.dim(0).isConstant() && w.dim(0).value() % group != 0) {
      throw context.error("W has " + w.dim(0) + " outputs, which " + group + " does not divide");
    }
    if (context.has(2) && context.shape(2).hasRank()) {
      Dim bias = context.shape(2).size();
      if (bias.isConstant() && w.dim(0).isConstant() && !bias.equals(w.dim(0))) {
        throw context.error("B has " + bias + " elements but W has " + w.dim(0) + " outputs");
      }
    }
    List<Dim> dims = new ArrayList<>(List.of(x.dim(0), w.dim(0)));
    for (int axis = 0; axis < rank; axis++) {
      Dim size = w.dim(2 + axis);
      if (window.kernel() != null && size.isConstant() && !size.is(window.kernel()[axis])) {
        throw context.error("kernel_shape differs from the kernel of W " + w);
      }
      dims.add(window.outputLength(context, axis, rank, x.dim(2 + axis), size));
    }
    return Shape.of(dims);
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.keepsAxis(ImageShape.axesFrom(1, context.input(0).shape()));
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape y = outputs.get(0).shape();
    Shape w = inputs.get(1).shape();
    return y.hasRank() && w.hasRank() ? y.size().times(w.product(1, w.rank())).times(2) : Dim.ZERO;
  }

  @Override
  public boolean isFactor(int input) {
    return input == 1;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return DeviceWindows.convolution(this, false, preparation);
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType type = preparation.input(0).element();
    if (type == ElementType.DOUBLE) {
      return new DoubleConvolution(this);
    }
    return HalfPrecision.isHalf(type)
        ? HalfPrecision.prepare(preparation, p -> FloatConvolution.prepare(this, false, p))
        : FloatConvolution.prepare(this, false, preparation);
  }
}
