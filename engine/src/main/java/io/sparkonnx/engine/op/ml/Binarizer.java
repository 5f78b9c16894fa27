package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.LayoutVariant;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.IntTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * Binarizer: 1 where an element is greater than a threshold, else 0, also for NaN.
 *
 * @param threshold compared with
 */
record Binarizer(float threshold) implements Operator {

  static Binarizer of(Attributes attributes) {
    return new Binarizer(attributes.real("threshold", 0f));
  }

  @Override
  public String type() {
    return "Binarizer";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    return List.of(ValueInfo.of(Features.requireNumbers(context), context.shape(0)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.all(context.axis(0));
  }

  @Override
  public LayoutVariant inLayout(Layout layout, List<ValueInfo> inputs) {
    return LayoutVariant.elementwise(this, layout);
  }

  @Override
  public boolean canOverwrite(int input) {
    return true;
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    Tensor x = context.input(0);
    Tensor y = context.output(0);
    int from = x.offset();
    int to = y.offset();
    int size = x.size();
    if (x instanceof FloatTensor floats) {
      float[] ones = (float[]) y.array();
      for (int i = 0; i < size; i++) {
        ones[to + i] = floats.array()[from + i] > threshold ? 1 : 0;
      }
    } else if (x instanceof DoubleTensor doubles) {
      double[] ones = (double[]) y.array();
      for (int i = 0; i < size; i++) {
        ones[to + i] = doubles.array()[from + i] > threshold ? 1 : 0;
      }
    } else if (x instanceof LongTensor longs) {
      long[] ones = (long[]) y.array();
      for (int i = 0; i < size; i++) {
        ones[to + i] = longs.array()[from + i] > threshold ? 1 : 0;
      }
    } else {
      int[] ints = ((IntTensor) x).array();
      int[] ones = (int[]) y.array();
      for (int i = 0; i < size; i++) {
        ones[to + i] = (double) ints[from + i] > threshold ? 1 : 0;
      }
    }
  }
}
