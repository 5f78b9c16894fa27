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
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * AveragePool: the mean of each window of each channel of X[N, C, in…].
 *
 * @param window window size, steps and padding
 * @param countPadding whether padding counts as zeros; elements behind the padding never count
 */
record AveragePool(WindowAttributes window, boolean countPadding) implements Operator {

  static AveragePool of(Attributes attributes) {
    return new AveragePool(
        WindowAttributes.withKernel(attributes), attributes.flag("count_include_pad", false));
  }

  @Override
  public String type() {
    return "AveragePool";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type =
        context.require(
            0, ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.BFLOAT16);
    return List.of(ValueInfo.of(type, Pooling.shape(context, window)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return Pooling.batch(context);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return Pooling.flops(window, outputs);
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return DeviceWindows.average(window, countPadding, preparation);
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
    FloatTensor y = context.floatOutput(0);
    Pooling.Sized sized = Pooling.sized(context, window);
    context
        .kernels()
        .pool()
        .average(
            sized.window(),
            countPadding,
            x.dim(0) * x.dim(1),
            sized.spatial(),
            x.array(),
            x.offset(),
            y.array(),
            y.offset(),
            context.scratch());
  }

  private void runDoubles(StepContext context) {
    DoubleTensor x = context.doubles(0);
    DoubleTensor y = (DoubleTensor) context.output(0);
    int[] spatial = ImageShape.spatial(x);
    Taps taps = new Taps(window.window(window.kernel(), spatial), spatial);
    int[] indices = new int[taps.count()];
    int outputPlane = taps.outputPlane();
    int planes = x.dim(0) * x.dim(1);
    for (int pixel = 0; pixel < outputPlane; pixel++) {
      context.checkCancelled();
      taps.locate(pixel, indices);
      int padded = taps.inPaddedPlane(pixel);
      for (int p = 0; p < planes; p++) {
        int from = x.offset() + p * taps.inputPlane();
        double sum = 0;
        int count = 0;
        for (int index : indices) {
          if (index >= 0) {
            sum += x.array()[from + index];
            count++;
          }
        }
        y.array()[y.offset() + p * outputPlane + pixel] = sum / (countPadding ? padded : count);
      }
    }
  }
}
