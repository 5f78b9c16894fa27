package io.sparkonnx.engine.op.reduce;

import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.ReduceFunction;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.op.elementwise.Elements;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * Row functions of floats along an axis that is not the last: some columns at a time are copied to
 * a block [length, columns], where every column is summed in ascending order.
 */
record FloatColumns(RowFunction f, Kernels kernels) {
  private static final int BLOCK = 16384;
  private static final int FEWEST_COLUMNS = 64;

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
    int columns = Math.min(s.inner(), Math.max(FEWEST_COLUMNS, BLOCK / s.length()));
    float[] block = scratch.floats(1, columns * s.length());
    for (int o = 0; o < s.outer(); o++) {
      int plane = o * s.length() * s.inner();
      for (int first = 0; first < s.inner(); first += columns) {
        int count = Math.min(columns, s.inner() - first);
        for (int k = 0; k < s.length(); k++) {
          int from = xAt + plane + k * s.inner() + first;
          System.arraycopy(x, from, block, k * count, count);
        }
        columns(scratch, block, s.length(), count);
        for (int k = 0; k < s.length(); k++) {
          int to = yAt + plane + k * s.inner() + first;
          System.arraycopy(block, k * count, y, to, count);
        }
      }
    }
  }

  private void columns(Scratch scratch, float[] block, int length, int count) {
    switch (f) {
      case SOFTMAX -> softmax(scratch, block, length, count);
      case LOG_SOFTMAX -> logSoftmax(scratch, block, length, count);
      case HARDMAX -> {
        for (int c = 0; c < count; c++) {
          hardmax(block, c, length, count);
        }
      }
    }
  }

  private void softmax(Scratch scratch, float[] block, int length, int count) {
    float[] folded = scratch.floats(2, count);
    subtractMax(block, folded, length, count);
    kernels.unary().apply(UnaryFunction.EXP, 0, 0, block, 0, block, 0, length * count);
    kernels.reduce().columns(ReduceFunction.SUM, block, 0, 1, length, count, folded, 0);
    for (int k = 0; k < length; k++) {
      for (int c = 0; c < count; c++) {
        block[k * count + c] /= folded[c];
      }
    }
  }

  private void logSoftmax(Scratch scratch, float[] block, int length, int count) {
    float[] folded = scratch.floats(2, count);
    subtractMax(block, folded, length, count);
    float[] powers = scratch.floats(Scratch.OPERATOR, length * count);
    kernels.unary().apply(UnaryFunction.EXP, 0, 0, block, 0, powers, 0, length * count);
    kernels.reduce().columns(ReduceFunction.SUM, powers, 0, 1, length, count, folded, 0);
    kernels.unary().apply(UnaryFunction.LOG, 0, 0, folded, 0, folded, 0, count);
    subtract(block, folded, length, count);
  }

  private void subtractMax(float[] block, float[] max, int length, int count) {
    kernels.reduce().columns(ReduceFunction.MAX, block, 0, 1, length, count, max, 0);
    subtract(block, max, length, count);
  }

  private static void subtract(float[] block, float[] shift, int length, int count) {
    for (int k = 0; k < length; k++) {
      for (int c = 0; c < count; c++) {
        block[k * count + c] -= shift[c];
      }
    }
  }

  private static void hardmax(float[] block, int column, int length, int count) {
    int best = 0;
    for (int k = 1; k < length; k++) {
      float value = block[k * count + column];
      float present = block[best * count + column];
      best = value > present || (Float.isNaN(value) && !Float.isNaN(present)) ? k : best;
    }
    for (int k = 0; k < length; k++) {
      block[k * count + column] = k == best ? 1 : 0;
    }
  }
}
