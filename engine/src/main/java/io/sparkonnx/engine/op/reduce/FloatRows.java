package io.sparkonnx.engine.op.reduce;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.SoftmaxKernel;
import io.sparkonnx.engine.op.elementwise.Elements;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * Row functions of floats. Rows that are not contiguous are transposed into scratch, some dozens at
 * a time, and back; 16-bit floats are widened there.
 */
record FloatRows(RowFunction f, SoftmaxKernel kernel) {
  private static final int COLUMNS = 32;

  void run(Scratch scratch, Split split, Tensor x, Tensor y) {
    if (x instanceof FloatTensor from && y instanceof FloatTensor to) {
      run(scratch, split, from.array(), from.offset(), to.array(), to.offset());
      return;
    }
    float[] widened = scratch.floats(0, x.size());
    Elements.load(x, x.offset(), 1, widened, 0, x.size());
    run(scratch, split, widened, 0, widened, 0);
    Elements.store(widened, 0, y, y.offset(), y.size());
  }

  private void run(Scratch scratch, Split s, float[] x, int xAt, float[] y, int yAt) {
    if (s.inner() == 1) {
      rows(x, xAt, s.outer(), s.length(), y, yAt);
      return;
    }
    int columns = Math.min(COLUMNS, s.inner());
    float[] block = scratch.floats(1, columns * s.length());
    for (int o = 0; o < s.outer(); o++) {
      int plane = o * s.length() * s.inner();
      for (int first = 0; first < s.inner(); first += columns) {
        int count = Math.min(columns, s.inner() - first);
        gather(x, xAt + plane + first, s, block, count);
        rows(block, 0, count, s.length(), block, 0);
        scatter(block, count, s, y, yAt + plane + first);
      }
    }
  }

  private static void gather(float[] x, int from, Split s, float[] block, int count) {
    for (int k = 0; k < s.length(); k++) {
      for (int c = 0; c < count; c++) {
        block[c * s.length() + k] = x[from + k * s.inner() + c];
      }
    }
  }

  private static void scatter(float[] block, int count, Split s, float[] y, int to) {
    for (int k = 0; k < s.length(); k++) {
      for (int c = 0; c < count; c++) {
        y[to + k * s.inner() + c] = block[c * s.length() + k];
      }
    }
  }

  private void rows(float[] x, int xAt, int rows, int length, float[] y, int yAt) {
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
