package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.kernel.Scratch;
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
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Arrays;
import java.util.List;

/**
 * GroupNormalization, and InstanceNormalization as the case of one channel a group: the elements of
 * each group of channels of each image of X[N, C, …] get mean 0 and variance 1, then a scale and a
 * bias.
 *
 * @param type ONNX's name
 * @param groups number of groups; 0 for one per channel
 * @param scalePerGroup whether scale and bias have one element per group (opset 18), not per
 *     channel
 * @param epsilon added to the variance
 */
record GroupNormalization(String type, int groups, boolean scalePerGroup, float epsilon)
    implements Operator {

  static GroupNormalization instance(Attributes attributes) {
    return new GroupNormalization(
        "InstanceNormalization", 0, false, attributes.real("epsilon", 1e-5f));
  }

  static GroupNormalization perGroup(Attributes attributes) {
    return grouped(attributes, true);
  }

  static GroupNormalization perChannel(Attributes attributes) {
    return grouped(attributes, false);
  }

  private static GroupNormalization grouped(Attributes attributes, boolean scalePerGroup) {
    long groups = attributes.integer("num_groups");
    if (groups < 1 || groups > Integer.MAX_VALUE) {
      throw attributes.error("num_groups is " + groups + ", expected at least 1");
    }
    return new GroupNormalization(
        "GroupNormalization", (int) groups, scalePerGroup, attributes.real("epsilon", 1e-5f));
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType element =
        context.require(
            0, ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.BFLOAT16);
    Shape x = context.shape(0);
    if (x.hasRank()) {
      ImageShape.require(context, "X", x, 0);
      Dim channels = x.dim(1);
      if (groups > 0 && channels.isConstant() && channels.value() % groups != 0) {
        throw context.error(groups + " groups do not divide " + channels + " channels");
      }
      Dim expected = scalePerGroup ? Dim.of(groups) : channels;
      for (int input = 1; input <= 2; input++) {
        Shape shape = context.shape(input);
        boolean known = shape.isConstant() && expected.isConstant();
        if (known && !shape.size().equals(expected)) {
          throw context.error(
              "input " + input + " has shape " + shape + ", expected [" + expected + "]");
        }
      }
    }
    return List.of(ValueInfo.of(element, x));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.keepsAxis(ImageShape.axesFrom(1, context.input(0).shape()));
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape x = inputs.get(0).shape();
    return x.hasRank() ? x.size().times(7) : Dim.ZERO;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return this::runOnDevice;
  }

  private void runOnDevice(DeviceContext context) {
    int[] dims = context.dims(0);
    int size = DeviceForms.size(dims);
    if (size == 0) {
      return;
    }
    int rows = dims[0] * groupsOf(dims[1]);
    int channels = DeviceForms.size(context.dims(1));
    NormKernels.group(
        context.queue(),
        context.input(0),
        rows,
        size / rows,
        channels,
        size / (dims[0] * channels),
        context.input(1),
        context.input(2),
        epsilon,
        context.output());
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType element = preparation.input(0).element();
    if (element == ElementType.DOUBLE) {
      return this::runDoubles;
    }
    return HalfPrecision.isHalf(element)
        ? HalfPrecision.prepare(preparation, p -> this::runFloats)
        : this::runFloats;
  }

  private void runFloats(StepContext context) {
    FloatTensor x = context.floats(0);
    FloatTensor scale = context.floats(1);
    FloatTensor bias = context.floats(2);
    FloatTensor y = context.floatOutput(0);
    if (y.size() == 0) {
      return;
    }
    int rows = x.dim(0) * groupsOf(x.dim(1));
    int length = x.size() / rows;
    float[] ones = context.scratch().floats(Scratch.OPERATOR, length);
    Arrays.fill(ones, 0, length, 1f);
    context
        .kernels()
        .normalization()
        .layerNorm(
            x.array(),
            x.offset(),
            rows,
            length,
            ones,
            0,
            null,
            0,
            epsilon,
            y.array(),
            y.offset(),
            null,
            0,
            null,
            0);
    int channels = scale.size();
    ChannelAffine.apply(
        context.kernels(),
        y,
        x.dim(0) * channels,
        channels,
        scale.array(),
        scale.offset(),
        bias.array(),
        bias.offset(),
        y);
  }

  private int groupsOf(int channels) {
    return groups == 0 ? channels : groups;
  }

  private void runDoubles(StepContext context) {
    DoubleTensor x = context.doubles(0);
    DoubleTensor scale = context.doubles(1);
    DoubleTensor bias = context.doubles(2);
    DoubleTensor y = (DoubleTensor) context.output(0);
    if (y.size() == 0) {
      return;
    }
    int rows = x.dim(0) * groupsOf(x.dim(1));
    int length = x.size() / rows;
    int run = x.size() / (x.dim(0) * scale.size());
    for (int row = 0; row < rows; row++) {
      int from = x.offset() + row * length;
      double mean = Moments.mean(x.array(), from, length);
      double variance = Moments.variance(x.array(), from, length, mean);
      double inverse = 1 / StrictMath.sqrt(variance + epsilon);
      for (int i = 0; i < length; i++) {
        int c = (row * length + i) / run % scale.size();
        double normal = (x.array()[from + i] - mean) * inverse;
        y.array()[y.offset() + row * length + i] =
            normal * scale.array()[scale.offset() + c] + bias.array()[bias.offset() + c];
      }
    }
  }
}
