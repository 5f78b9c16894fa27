package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.kernel.BinaryKernel;
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
 * LRN: Y = X / (bias + alpha/size·Σx²)^beta, the sum over up to {@code size} neighbouring channels
 * of X[N, C, …], from ⌊(size−1)/2⌋ before to ⌈(size−1)/2⌉ behind.
 *
 * @param size channels in a sum
 * @param alpha factor on the sum
 * @param beta exponent
 * @param bias summand
 */
record LocalResponseNormalization(int size, float alpha, float beta, float bias)
    implements Operator {

  static LocalResponseNormalization of(Attributes attributes) {
    long size = attributes.integer("size");
    if (size < 1 || size > Integer.MAX_VALUE) {
      throw attributes.error("size is " + size + ", expected at least 1");
    }
    return new LocalResponseNormalization(
        (int) size,
        attributes.real("alpha", 1e-4f),
        attributes.real("beta", 0.75f),
        attributes.real("bias", 1f));
  }

  @Override
  public String type() {
    return "LRN";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type =
        context.require(
            0, ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.BFLOAT16);
    Shape x = context.shape(0);
    if (x.hasRank()) {
      ImageShape.require(context, "X", x, 0);
    }
    return List.of(ValueInfo.of(type, x));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.keepsAxis(1);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape x = inputs.get(0).shape();
    return x.hasRank() ? x.size().times(2L * size + 3) : Dim.ZERO;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    boolean fits = DeviceForms.has(preparation, BinaryFunction.POW);
    return fits ? this::runOnDevice : null;
  }

  private void runOnDevice(DeviceContext context) {
    int[] dims = context.dims(0);
    NormKernels.response(
        context.queue(),
        context.input(0),
        dims[0],
        dims[1],
        DeviceForms.size(Arrays.copyOfRange(dims, 2, dims.length)),
        Math.min((size - 1) / 2, dims[1]),
        Math.min(size / 2, dims[1]),
        alpha / size,
        beta,
        bias,
        context.output());
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

  private int firstChannel(int channel) {
    return Math.max(0, channel - (size - 1) / 2);
  }

  private int endChannel(int channel, int channels) {
    return (int) Math.min(channels, (long) channel + size / 2 + 1);
  }

  private void runFloats(StepContext context) {
    FloatTensor x = context.floats(0);
    FloatTensor y = context.floatOutput(0);
    int channels = x.dim(1);
    int images = x.dim(0);
    if (x.size() == 0) {
      return;
    }
    int plane = x.size() / images / channels;
    float factor = alpha / size;
    float[] sums = context.scratch().floats(Scratch.OPERATOR, plane);
    float[] exponent = {beta};
    for (int image = 0; image < images; image++) {
      int from = x.offset() + image * channels * plane;
      for (int channel = 0; channel < channels; channel++) {
        Arrays.fill(sums, 0, plane, 0f);
        for (int c = firstChannel(channel); c < endChannel(channel, channels); c++) {
          addSquares(x.array(), from + c * plane, sums, plane);
        }
        for (int i = 0; i < plane; i++) {
          sums[i] = Math.fma(factor, sums[i], bias);
        }
        BinaryKernel binary = context.kernels().binary();
        binary.apply(BinaryFunction.POW, sums, 0, 1, exponent, 0, 0, sums, 0, plane);
        int at = channel * plane;
        int to = y.offset() + image * channels * plane + at;
        binary.apply(BinaryFunction.DIV, x.array(), from + at, 1, sums, 0, 1, y.array(), to, plane);
      }
    }
  }

  private static void addSquares(float[] x, int offset, float[] sums, int length) {
    for (int i = 0; i < length; i++) {
      float element = x[offset + i];
      sums[i] = Math.fma(element, element, sums[i]);
    }
  }

  private void runDoubles(StepContext context) {
    DoubleTensor x = context.doubles(0);
    DoubleTensor y = (DoubleTensor) context.output(0);
    int channels = x.dim(1);
    int planes = x.dim(0) * channels;
    int plane = planes == 0 ? 0 : x.size() / planes;
    for (int p = 0; p < planes; p++) {
      int channel = p % channels;
      int image = x.offset() + (p - channel) * plane;
      for (int i = 0; i < plane; i++) {
        double sum = 0;
        for (int c = firstChannel(channel); c < endChannel(channel, channels); c++) {
          double element = x.array()[image + c * plane + i];
          sum += element * element;
        }
        double divisor = StrictMath.pow(bias + (double) alpha / size * sum, beta);
        y.array()[y.offset() + p * plane + i] = x.array()[x.offset() + p * plane + i] / divisor;
      }
    }
  }
}
