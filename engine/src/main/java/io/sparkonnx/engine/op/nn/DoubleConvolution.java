package io.sparkonnx.engine.op.nn;

import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.DoubleTensor;

/**
 * {@link Conv} of doubles: every output element is one chain of additions ascending over (channel
 * within the group, taps), then the bias.
 *
 * @param conv the operator
 */
record DoubleConvolution(Conv conv) implements Step {
  @Override
  public void run(StepContext context) {
    DoubleTensor x = context.doubles(0);
    DoubleTensor w = context.doubles(1);
    DoubleTensor b = context.inputs() > 2 ? context.doubles(2) : null;
    DoubleTensor y = (DoubleTensor) context.output(0);
    if (y.size() == 0) {
      return;
    }
    int[] spatial = ImageShape.spatial(x);
    Taps taps = new Taps(conv.window().window(ImageShape.spatial(w), spatial), spatial);
    int[] indices = new int[taps.count()];
    int channels = w.dim(1);
    int outputs = w.dim(0) / conv.group();
    int plane = taps.inputPlane();
    int outputPlane = taps.outputPlane();
    for (int pixel = 0; pixel < outputPlane; pixel++) {
      context.checkCancelled();
      taps.locate(pixel, indices);
      for (int image = 0; image < x.dim(0); image++) {
        for (int m = 0; m < w.dim(0); m++) {
          int firstChannel = image * x.dim(1) + m / outputs * channels;
          int from = x.offset() + firstChannel * plane;
          int weight = w.offset() + m * channels * indices.length;
          double sum = dot(x.array(), from, plane, w.array(), weight, channels, indices);
          int to = y.offset() + (image * w.dim(0) + m) * outputPlane + pixel;
          y.array()[to] = b == null ? sum : sum + b.array()[b.offset() + m];
        }
      }
    }
  }

  private static double dot(
      double[] x, int from, int plane, double[] w, int weight, int channels, int[] indices) {
    double sum = 0;
    for (int channel = 0; channel < channels; channel++) {
      for (int tap = 0; tap < indices.length; tap++) {
        if (indices[tap] >= 0) {
          double product = x[from + channel * plane + indices[tap]];
          sum += product * w[weight + channel * indices.length + tap];
        }
      }
    }
    return sum;
  }
}
