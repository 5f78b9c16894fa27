package io.sparkonnx.engine.op.reduce;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.SoftmaxKernel;
import io.sparkonnx.engine.op.elementwise.Elements;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;

/** Row functions of floats along the last axes; 16-bit floats are widened first. */
record FloatRows(RowFunction f, SoftmaxKernel kernel) {

  void run(Scratch scratch, Split split, Tensor x, Tensor y) {
    if (x instanceof FloatTensor from && y instanceof FloatTensor to) {
      run(split, from.array(), from.offset(), to.array(), to.offset());
      return;
    }
    float[] widened = scratch.floats(0, x.size());
    Elements.load(x, x.offset(), 1, widened, 0, x.size());
    run(split, widened, 0, widened, 0);
    Elements.store(widened, 0, y, y.offset(), y.size());
  }

  private void run(Split split, float[] x, int xAt, float[] y, int yAt) {
    int rows = split.outer();
    int length = split.length();
    switch (f) {
      case SOFTMAX -> kernel.softmax(x, xAt, rows, length, y, yAt);
      case LOG_SOFTMAX -> kernel.logSoftmax(x, xAt, rows, length, y, yAt);
      case HARDMAX -> {
        for (int r = 0; r < rows; r++) {
          hardmax(x, xAt + r * length, length, y, yAt + r * length);
        }
      }
    }
  }

  private static void hardmax(float[] x, int xAt, int length, float[] y, int yAt) {
    int best = 0;
    for (int k = 1; k < length; k++) {
      boolean nan = Float.isNaN(x[xAt + k]) && !Float.isNaN(x[xAt + best]);
      best = nan || x[xAt + k] > x[xAt + best] ? k : best;
    }
    for (int k = 0; k < length; k++) {
      y[yAt + k] = k == best ? 1 : 0;
    }
  }
}
