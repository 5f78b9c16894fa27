package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.FloatTensor;
import java.util.Arrays;

/**
 * {@link ConvTranspose} of floats. Every output element is the sum, ascending over the kernel's
 * elements, of one dot product over the group's channels each; then the bias is added.
 *
 * @param operator the operator
 */
record FloatConvTranspose(ConvTranspose operator) implements Step {
  @Override
  public void run(StepContext context) {
    FloatTensor x = context.floats(0);
    FloatTensor w = context.floats(1);
    FloatTensor b = context.inputs() > 2 ? context.floats(2) : null;
    FloatTensor y = context.floatOutput(0);
    Spread spread = new Spread(operator, x, w, y);
    int groups = operator.group();
    int channels = x.dim(1) / groups;
    int outputs = w.dim(1);
    int rows = outputs * spread.taps();
    int plane = spread.inputPlane();
    float[] products = context.scratch().floats(Scratch.OPERATOR, Math.multiplyExact(rows, plane));
    int[] targets = new int[plane];
    Arrays.fill(y.array(), y.offset(), y.offset() + y.size(), 0f);
    for (int image = 0; image < x.dim(0); image++) {
      for (int group = 0; group < groups; group++) {
        context.checkCancelled();
        int block = image * groups + group;
        int from = x.offset() + block * channels * plane;
        int weights = w.offset() + group * channels * rows;
        context
            .kernels()
            .gemm()
            .multiply(
                rows,
                plane,
                channels,
                w.array(),
                weights,
                1,
                rows,
                x.array(),
                from,
                plane,
                1,
                Epilogue.IDENTITY,
                products,
                0,
                plane,
                context.scratch());
        int to = y.offset() + block * outputs * spread.outputPlane();
        add(spread, outputs, products, targets, y.array(), to);
      }
    }
    if (b != null) {
      addBias(y, b, spread.outputPlane());
    }
  }

  private static void add(
      Spread spread, int outputs, float[] products, int[] targets, float[] y, int to) {
    int taps = spread.taps();
    for (int tap = 0; tap < taps; tap++) {
      spread.locate(tap, targets);
      for (int output = 0; output < outputs; output++) {
        int row = (output * taps + tap) * targets.length;
        int base = to + output * spread.outputPlane();
        for (int pixel = 0; pixel < targets.length; pixel++) {
          if (targets[pixel] >= 0) {
            y[base + targets[pixel]] += products[row + pixel];
          }
        }
      }
    }
  }

  private static void addBias(FloatTensor y, FloatTensor b, int plane) {
    for (int i = 0; i < y.size(); i++) {
      y.array()[y.offset() + i] += b.get(i / plane % b.size());
    }
  }
}
