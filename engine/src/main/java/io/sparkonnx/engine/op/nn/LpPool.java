package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
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
 * LpPool: (Σ|x|^p)^(1/p) over each window of each channel of X[N, C, in…]; padding counts as zeros.
 *
 * @param window window size, steps and padding
 * @param power the norm's order
 */
record LpPool(WindowAttributes window, Power power) implements Operator {

  static LpPool of(Attributes attributes) {
    return new LpPool(WindowAttributes.withKernel(attributes), Power.of(attributes));
  }

  @Override
  public String type() {
    return "LpPool";
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
    return Pooling.flops(window, outputs).times(2);
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
    float[] powers = context.scratch().floats(Scratch.OPERATOR, x.size());
    power.raise(context.kernels(), x.array(), x.offset(), powers, 0, x.size());
    int[] spatial = ImageShape.spatial(x);
    Taps taps = new Taps(window.window(window.kernel(), spatial), spatial);
    int[] indices = new int[taps.count()];
    int plane = taps.inputPlane();
    int outputPlane = taps.outputPlane();
    int planes = x.dim(0) * x.dim(1);
    for (int pixel = 0; pixel < outputPlane; pixel++) {
      taps.locate(pixel, indices);
      for (int p = 0; p < planes; p++) {
        float sum = 0f;
        for (int index : indices) {
          if (index >= 0) {
            sum += powers[p * plane + index];
          }
        }
        y.array()[y.offset() + p * outputPlane + pixel] = sum;
      }
    }
    power.root(context.kernels(), y.array(), y.offset(), y.size());
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
      taps.locate(pixel, indices);
      for (int p = 0; p < planes; p++) {
        int from = x.offset() + p * taps.inputPlane();
        double sum = 0;
        for (int index : indices) {
          if (index >= 0) {
            sum += power.raise(x.array()[from + index]);
          }
        }
        y.array()[y.offset() + p * outputPlane + pixel] = power.root(sum);
      }
    }
  }
}
