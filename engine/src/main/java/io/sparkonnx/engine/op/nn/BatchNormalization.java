package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.kernel.opencl.DeviceArray;
import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
import io.sparkonnx.engine.kernel.opencl.NormKernels;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.HalfPrecision;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * BatchNormalization with given statistics: Y = (X − mean)/√(var + epsilon)·scale + B for X[N, C,
 * …] and one element per channel in the other inputs. Computed as fma(X, a, b) with a and b rounded
 * once from double.
 *
 * @param epsilon added to the variance
 * @param perFeature whether every element of a row has statistics of its own (spatial = 0, before
 *     opset 9)
 */
public record BatchNormalization(float epsilon, boolean perFeature) implements Operator {

  /** Before opset 9. */
  static BatchNormalization legacy(Attributes attributes) {
    return create(attributes, !attributes.flag("spatial", true));
  }

  static BatchNormalization of(Attributes attributes) {
    return create(attributes, false);
  }

  private static BatchNormalization create(Attributes attributes, boolean perFeature) {
    if (attributes.flag("training_mode", false) || attributes.outputs() > 1) {
      throw attributes.error("training is not supported, expected training_mode 0 and one output");
    }
    return new BatchNormalization(attributes.real("epsilon", 1e-5f), perFeature);
  }

  /** Factor and summand of every channel: Y = X·scale + shift. */
  public record Affine(float[] scale, float[] shift) {}

  /** The factor and summand that the four inputs behind X stand for. */
  public Affine affine(Tensor scale, Tensor bias, Tensor mean, Tensor variance) {
    float[] a = new float[scale.size()];
    float[] b = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      double factor = scale.doubleAt(i) / StrictMath.sqrt(variance.doubleAt(i) + (double) epsilon);
      a[i] = (float) factor;
      b[i] = (float) (bias.doubleAt(i) - mean.doubleAt(i) * factor);
    }
    return new Affine(a, b);
  }

  @Override
  public String type() {
    return "BatchNormalization";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type =
        context.require(
            0, ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.BFLOAT16);
    Shape x = context.shape(0);
    for (int input = 1; input <= 4; input++) {
      if (perFeature) {
        requireFeatures(context, x, input);
      } else {
        ChannelAffine.requireChannels(context, x, input);
      }
    }
    return List.of(ValueInfo.of(type, x));
  }

  private static void requireFeatures(InferenceContext context, Shape x, int input) {
    Shape shape = context.shape(input);
    if (!x.hasRank() || !shape.hasRank() || x.rank() < 2) {
      return;
    }
    Dim features = x.product(1, x.rank());
    Dim size = shape.size();
    if (features.isConstant() && size.isConstant() && !features.equals(size)) {
      throw context.error(
          "input " + input + " has " + size + " elements, expected " + features + " for " + x);
    }
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return perFeature
        ? context.keepsAxis(ImageShape.axesFrom(1, context.input(0).shape()))
        : context.keepsAxis(1);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape x = inputs.get(0).shape();
    return x.hasRank() ? x.size().times(2) : Dim.ZERO;
  }

  @Override
  public boolean canOverwrite(int input) {
    return input == 0;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    Dim scratch = preparation.inputs().get(1).shape().size().times(2);
    return preparation.device().twofold()
        ? DeviceStep.withScratch(scratch, this::runOnDevice)
        : null;
  }

  private void runOnDevice(DeviceContext context) {
    int[] dims = context.dims(0);
    int channels = DeviceForms.size(context.dims(1));
    int rows = dims.length < 2 ? 1 : dims[0];
    int planes = rows * channels;
    DeviceArray factor = context.scratch(2 * channels);
    DeviceArray summand = new DeviceArray(factor.buffer(), factor.offset() + channels);
    NormKernels.statistics(
        context.queue(),
        channels,
        epsilon,
        context.input(1),
        context.input(2),
        context.input(3),
        context.input(4),
        factor,
        summand);
    ElementwiseKernels.affine(
        context.queue(),
        context.input(0),
        factor,
        summand,
        context.output(),
        rows,
        channels,
        planes == 0 ? 0 : DeviceForms.size(dims) / planes);
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType type = preparation.input(0).element();
    if (type == ElementType.DOUBLE) {
      return this::runDoubles;
    }
    return HalfPrecision.isHalf(type)
        ? HalfPrecision.prepare(preparation, this::floats)
        : floats(preparation);
  }

  private Step floats(Preparation preparation) {
    Tensor[] constants = new Tensor[5];
    for (int input = 1; input <= 4; input++) {
      constants[input] = preparation.constant(input);
      if (constants[input] == null) {
        return context -> runFloats(context, affine(context));
      }
    }
    Affine affine = affine(constants[1], constants[2], constants[3], constants[4]);
    return context -> runFloats(context, affine);
  }

  private Affine affine(StepContext context) {
    return affine(context.input(1), context.input(2), context.input(3), context.input(4));
  }

  private void runFloats(StepContext context, Affine affine) {
    FloatTensor x = context.floats(0);
    int channels = affine.scale().length;
    int rows = x.rank() < 2 ? 1 : x.dim(0);
    ChannelAffine.apply(
        context.kernels(),
        x,
        rows * channels,
        channels,
        affine.scale(),
        0,
        affine.shift(),
        0,
        context.floatOutput(0));
  }

  private void runDoubles(StepContext context) {
    DoubleTensor x = context.doubles(0);
    DoubleTensor y = (DoubleTensor) context.output(0);
    Tensor scale = context.input(1);
    Tensor bias = context.input(2);
    Tensor mean = context.input(3);
    Tensor variance = context.input(4);
    int channels = scale.size();
    int planes = (x.rank() < 2 ? 1 : x.dim(0)) * channels;
    int length = planes == 0 ? 0 : x.size() / planes;
    for (int plane = 0; plane < planes; plane++) {
      int c = plane % channels;
      double deviation = StrictMath.sqrt(variance.doubleAt(c) + (double) epsilon);
      for (int i = plane * length; i < (plane + 1) * length; i++) {
        double centred = x.array()[x.offset() + i] - mean.doubleAt(c);
        y.array()[y.offset() + i] = centred / deviation * scale.doubleAt(c) + bias.doubleAt(c);
      }
    }
  }
}
