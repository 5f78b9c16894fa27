package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.kernel.opencl.RowKernels;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * LayerNormalization: Y = (X − Mean)·InvStdDev·Scale + B, with mean and variance over the axes from
 * one on. Outputs Y, Mean, InvStdDev, the latter two as float (bfloat16 for stash type 16) with
 * length 1 along the normalised axes; double inputs are computed in double.
 *
 * @param axis first normalised axis, may count from the end
 * @param epsilon added to the variance
 * @param stash element type of Mean and InvStdDev
 */
public record LayerNormalization(int axis, float epsilon, ElementType stash) implements Operator {

  static LayerNormalization of(Attributes attributes) {
    long stash = attributes.integer("stash_type", 1);
    if (stash != ElementType.FLOAT.code() && stash != ElementType.BFLOAT16.code()) {
      throw attributes.error("stash_type is " + stash + ", expected 1 (float) or 16 (bfloat16)");
    }
    return new LayerNormalization(
        Math.toIntExact(attributes.integer("axis", -1)),
        attributes.real("epsilon", 1e-5f),
        ElementType.ofCode((int) stash));
  }

  @Override
  public String type() {
    return "LayerNormalization";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type =
        context.require(
            0, ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.BFLOAT16);
    Shape x = context.shape(0);
    if (!x.hasRank()) {
      ValueInfo moments = ValueInfo.of(stash, Shape.UNKNOWN);
      return List.of(ValueInfo.of(type, x), moments, moments);
    }
    int first = context.axis(axis, x.rank());
    for (int input = 1; input <= 2; input++) {
      if (input == 1 || context.has(input)) {
        context.requireSame(0, input);
        TrailingAxes.requireFits(context, input, x, first);
      }
    }
    List<Dim> dims = new ArrayList<>(x.dims().subList(0, first));
    while (dims.size() < x.rank()) {
      dims.add(Dim.ONE);
    }
    ValueInfo moments = ValueInfo.of(stash, Shape.of(dims));
    return List.of(ValueInfo.of(type, x), moments, moments);
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    Shape x = context.input(0).shape();
    if (!x.hasRank()) {
      return context.coupled("a shape of unknown rank");
    }
    return context.keepsAxis(ImageShape.axesFrom(TrailingAxes.axis(axis, x.rank()), x));
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape x = inputs.get(0).shape();
    return x.hasRank() ? x.size().times(7) : Dim.ZERO;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    int first = TrailingAxes.axis(axis, preparation.rank(0));
    return TrailingAxes.areWhole(preparation, first)
        ? context -> runOnDevice(context, first)
        : null;
  }

  private void runOnDevice(DeviceContext context, int first) {
    int[] dims = context.dims(0);
    int rows = DeviceForms.size(Arrays.copyOf(dims, first));
    int length = DeviceForms.size(Arrays.copyOfRange(dims, first, dims.length));
    RowKernels.layerNorm(
        context.queue(),
        context.input(0),
        rows,
        length,
        context.input(1),
        context.has(2) ? context.input(2) : null,
        epsilon,
        context.output(),
        null,
        null);
  }

  @Override
  public Step prepare(Preparation preparation) {
    ElementType type = preparation.input(0).element();
    if (type == ElementType.DOUBLE) {
      return this::runDoubles;
    }
    return HalfPrecision.isHalf(type)
        ? HalfPrecision.prepare(preparation, p -> this::runFloats)
        : this::runFloats;
  }

  private void runFloats(StepContext context) {
    FloatTensor x = context.floats(0);
    int first = TrailingAxes.axis(axis, x.rank());
    FloatTensor scale = TrailingAxes.expanded(context.floats(1), x, first);
    boolean biased = context.inputs() > 2 && context.value(2) != null;
    FloatTensor bias = biased ? TrailingAxes.expanded(context.floats(2), x, first) : null;
    int rows = TrailingAxes.rows(x, first);
    FloatTensor y = context.floatOutput(0);
    float[] mean = wanted(context, 1) ? new float[rows] : null;
    float[] inverse = wanted(context, 2) ? new float[rows] : null;
    context
        .kernels()
        .normalization()
        .layerNorm(
            x.array(),
            x.offset(),
            rows,
            TrailingAxes.length(x, first),
            scale.array(),
            scale.offset(),
            bias == null ? null : bias.array(),
            bias == null ? 0 : bias.offset(),
            epsilon,
            y.array(),
            y.offset(),
            mean,
            0,
            inverse,
            0);
    store(context, 1, mean);
    store(context, 2, inverse);
  }

  private static boolean wanted(StepContext context, int output) {
    return output < context.outputs() && context.wants(output);
  }

  private static void store(StepContext context, int output, float[] moments) {
    if (moments == null) {
      return;
    }
    Tensor tensor = context.output(output);
    if (tensor instanceof FloatTensor floats) {
      System.arraycopy(moments, 0, floats.array(), floats.offset(), moments.length);
    } else {
      HalfPrecision.round(Tensor.of(moments, moments.length), tensor);
    }
  }

  private void runDoubles(StepContext context) {
    DoubleTensor x = context.doubles(0);
    int first = TrailingAxes.axis(axis, x.rank());
    DoubleTensor scale = TrailingAxes.expanded(context.doubles(1), x, first);
    boolean biased = context.inputs() > 2 && context.value(2) != null;
    DoubleTensor bias = biased ? TrailingAxes.expanded(context.doubles(2), x, first) : null;
    DoubleTensor y = (DoubleTensor) context.output(0);
    int rows = TrailingAxes.rows(x, first);
    int length = TrailingAxes.length(x, first);
    float[] means = wanted(context, 1) ? new float[rows] : null;
    float[] inverses = wanted(context, 2) ? new float[rows] : null;
    for (int row = 0; row < rows; row++) {
      int from = x.offset() + row * length;
      double mean = Moments.mean(x.array(), from, length);
      double variance = Moments.variance(x.array(), from, length, mean);
      double inverse = 1 / StrictMath.sqrt(variance + epsilon);
      for (int i = 0; i < length; i++) {
        double scaled = (x.array()[from + i] - mean) * inverse * scale.doubleAt(i);
        double shift = bias == null ? 0 : bias.doubleAt(i);
        y.array()[y.offset() + row * length + i] = scaled + shift;
      }
      if (means != null) {
        means[row] = (float) mean;
      }
      if (inverses != null) {
        inverses[row] = (float) inverse;
      }
    }
    store(context, 1, means);
    store(context, 2, inverses);
  }
}
