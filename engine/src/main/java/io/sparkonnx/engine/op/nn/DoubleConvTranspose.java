package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.DoubleTensor;
import java.util.Arrays;

/**
 * {@link ConvTranspose} of doubles, summed ascending over the kernel's elements, each over the
 * group's channels; then the bias.
 *
 * @param operator the operator
 */
record DoubleConvTranspose(ConvTranspose operator) implements Step {
  @Override
  public void run(StepContext context) {
    DoubleTensor x = context.doubles(0);
    DoubleTensor w = context.doubles(1);
    DoubleTensor b = context.inputs() > 2 ? context.doubles(2) : null;
    DoubleTensor y = (DoubleTensor) context.output(0);
    Spread spread = new Spread(operator, x, w, y);
    int[] targets = new int[spread.inputPlane()];
    Arrays.fill(y.array(), y.offset(), y.offset() + y.size(), 0);
    for (int tap = 0; tap < spread.taps(); tap++) {
      context.checkCancelled();
      spread.locate(tap, targets);
      for (int image = 0; image < x.dim(0); image++) {
        for (int output = 0; output < y.dim(1); output++) {
          add(spread, tap, targets, x, w, image, output, y);
        }
      }
    }
    for (int i = 0; b != null && i < y.size(); i++) {
      y.array()[y.offset() + i] += b.doubleAt(i / spread.outputPlane() % b.size());
    }
  }

  private void add(
      Spread spread,
      int tap,
      int[] targets,
      DoubleTensor x,
      DoubleTensor w,
      int image,
      int output,
      DoubleTensor y) {
    int channels = x.dim(1) / operator.group();
    int first = output / w.dim(1) * channels;
    int to = y.offset() + (image * y.dim(1) + output) * spread.outputPlane();
    for (int pixel = 0; pixel < targets.length; pixel++) {
      if (targets[pixel] < 0) {
        continue;
      }
      double sum = 0;
      for (int c = first; c < first + channels; c++) {
        int weight = (c * w.dim(1) + output % w.dim(1)) * spread.taps() + tap;
        int from = (image * x.dim(1) + c) * targets.length + pixel;
        sum += x.doubleAt(from) * w.doubleAt(weight);
      }
      y.array()[to + targets[pixel]] += sum;
    }
  }
}
