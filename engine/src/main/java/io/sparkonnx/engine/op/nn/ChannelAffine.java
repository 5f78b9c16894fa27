package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.opencl.ElementwiseKernels;
import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceContext;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.EndsInActivation;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import java.util.Locale;

/**
 * Y = activation(fma(X, scale, shift)) for floats X[N, C, …] with one scale[C] and shift[C] per
 * channel: what a batch normalisation with constant statistics is. No operator of ONNX's; rewrites
 * make it.
 *
 * @param activation applied last
 */
public record ChannelAffine(Activation activation) implements EndsInActivation {
  private static final int SHORT_PLANE = 16;

  @Override
  public ChannelAffine withActivation(Activation function) {
    return new ChannelAffine(function);
  }

  @Override
  public String type() {
    return "ChannelAffine";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    context.require(0, ElementType.FLOAT);
    Shape x = context.shape(0);
    for (int input = 1; input <= 2; input++) {
      requireChannels(context, x, input);
    }
    return List.of(ValueInfo.of(ElementType.FLOAT, x));
  }

  /** Checks that an input has one element for each channel of x. */
  static void requireChannels(InferenceContext context, Shape x, int input) {
    Shape shape = context.shape(input);
    if (!x.hasRank() || !shape.hasRank()) {
      return;
    }
    Dim channels = x.rank() < 2 ? Dim.ONE : x.dim(1);
    boolean known = channels.isConstant() && shape.isConstant();
    if (shape.rank() != 1 || (known && !shape.dim(0).equals(channels))) {
      throw context.error(
          String.format(
              Locale.ROOT,
              "input %d has shape %s, expected [%s] for X of shape %s",
              input,
              shape,
              channels,
              x));
    }
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.keepsAxis(1);
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
    return DeviceForms.has(preparation, activation) ? this::runOnDevice : null;
  }

  private void runOnDevice(DeviceContext context) {
    int[] dims = context.dims(0);
    int outer = dims.length < 2 ? 1 : dims[0];
    int channels = dims.length < 2 ? 1 : dims[1];
    int planes = outer * channels;
    ElementwiseKernels.affine(
        context.queue(),
        context.input(0),
        context.input(1),
        context.input(2),
        context.output(),
        outer,
        channels,
        planes == 0 ? 0 : DeviceForms.size(dims) / planes);
    DeviceForms.activate(context, activation);
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    FloatTensor x = context.floats(0);
    FloatTensor y = context.floatOutput(0);
    int channels = channels(x);
    int planes = x.rank() < 2 ? 1 : x.dim(0) * channels;
    FloatTensor scale = context.floats(1);
    FloatTensor shift = context.floats(2);
    apply(
        context.kernels(),
        x,
        planes,
        channels,
        scale.array(),
        scale.offset(),
        shift.array(),
        shift.offset(),
        y);
    if (!activation.isNone()) {
      context
          .kernels()
          .unary()
          .apply(
              activation.function(),
              activation.alpha(),
              activation.beta(),
              y.array(),
              y.offset(),
              y.array(),
              y.offset(),
              y.size());
    }
  }

  /** Channels of a tensor; one for less than two axes. */
  static int channels(FloatTensor x) {
    return x.rank() < 2 ? 1 : x.dim(1);
  }

  /** y = fma(x, scale, shift) over {@code planes} runs of equal length, channels in turn. */
  static void apply(
      Kernels kernels,
      FloatTensor x,
      int planes,
      int channels,
      float[] scale,
      int scaleOffset,
      float[] shift,
      int shiftOffset,
      FloatTensor y) {
    if (planes == 0) {
      return;
    }
    int length = x.size() / planes;
    if (length < SHORT_PLANE) {
      applyShort(x, planes, length, channels, scale, scaleOffset, shift, shiftOffset, y);
      return;
    }
    for (int plane = 0; plane < planes; plane++) {
      int channel = plane % channels;
      kernels
          .unary()
          .apply(
              UnaryFunction.AFFINE,
              scale[scaleOffset + channel],
              shift[shiftOffset + channel],
              x.array(),
              x.offset() + plane * length,
              y.array(),
              y.offset() + plane * length,
              length);
    }
  }

  private static void applyShort(
      FloatTensor x,
      int planes,
      int length,
      int channels,
      float[] scale,
      int scaleOffset,
      float[] shift,
      int shiftOffset,
      FloatTensor y) {
    float[] from = x.array();
    float[] to = y.array();
    for (int first = 0; first < planes; first += channels) {
      int row = first * length;
      for (int channel = 0; channel < channels; channel++) {
        float a = scale[scaleOffset + channel];
        float b = shift[shiftOffset + channel];
        for (int i = row + channel * length; i < row + (channel + 1) * length; i++) {
          to[y.offset() + i] = Math.fma(from[x.offset() + i], a, b);
        }
      }
    }
  }
}
