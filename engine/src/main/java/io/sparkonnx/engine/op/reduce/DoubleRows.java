package io.sparkonnx.engine.op.reduce;

import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.Tensor;

/** Row functions of doubles, contiguous or not, summed in ascending order. */
final class DoubleRows {
  private DoubleRows() {}

  static void run(RowFunction f, Split s, Tensor x, Tensor y) {
    double[] from = ((DoubleTensor) x).array();
    double[] to = ((DoubleTensor) y).array();
    for (int r = 0; r < s.outer() * s.inner(); r++) {
      int first = r / s.inner() * s.length() * s.inner() + r % s.inner();
      row(f, from, x.offset() + first, to, y.offset() + first, s.length(), s.inner());
    }
  }

  private static void row(
      RowFunction f, double[] x, int xAt, double[] y, int yAt, int length, int step) {
    int best = 0;
    for (int k = 1; k < length; k++) {
      boolean nan = Double.isNaN(x[xAt + k * step]) && !Double.isNaN(x[xAt + best * step]);
      best = nan || x[xAt + k * step] > x[xAt + best * step] ? k : best;
    }
    double max = x[xAt + best * step];
    double sum = 0;
    for (int k = 0; f != RowFunction.HARDMAX && k < length; k++) {
      sum += StrictMath.exp(x[xAt + k * step] - max);
    }
    double log = StrictMath.log(sum);
    for (int k = 0; k < length; k++) {
      double shifted = x[xAt + k * step] - max;
      y[yAt + k * step] =
          switch (f) {
            case SOFTMAX -> StrictMath.exp(shifted) / sum;
            case LOG_SOFTMAX -> shifted - log;
            case HARDMAX -> k == best ? 1 : 0;
          };
    }
  }
}
