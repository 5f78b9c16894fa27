package io.sparkonnx.engine.op.matrix;

import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.IntTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * {@link Gemm} of doubles and integers.
 *
 * @param gemm the operator
 */
record PlainGemm(Gemm gemm) implements Step {
  @Override
  public void run(StepContext context) {
    Tensor a = context.input(0);
    Tensor b = context.input(1);
    Tensor c = context.inputs() > 2 ? context.input(2) : null;
    Tensor y = context.output(0);
    int m = y.dim(0);
    int n = y.dim(1);
    int k = b.dim(gemm.transB() ? 1 : 0);
    PlainProducts.multiply(
        m,
        n,
        k,
        new PlainProducts.Matrix(a, 0, gemm.transA() ? 1 : k, gemm.transA() ? m : 1),
        new PlainProducts.Matrix(b, 0, gemm.transB() ? 1 : n, gemm.transB() ? k : 1),
        y,
        0);
    boolean plain = gemm.alpha() == 1 && (c == null || gemm.beta() == 1);
    for (int i = 0; i < m * n; i++) {
      int from = c == null ? 0 : FloatGemm.broadcastIndex(c, i / n, i % n);
      if (y instanceof DoubleTensor doubles) {
        double sum = gemm.alpha() * doubles.array()[y.offset() + i];
        double summand = c == null ? 0 : gemm.beta() * c.doubleAt(from);
        doubles.array()[y.offset() + i] = c == null ? sum : sum + summand;
      } else {
        long sum = y.longAt(i);
        long summand = c == null ? 0 : c.longAt(from);
        store(y, i, plain ? sum + summand : scaled(sum, summand));
      }
    }
  }

  private long scaled(long sum, long summand) {
    return (long) (gemm.alpha() * (double) sum) + (long) (gemm.beta() * (double) summand);
  }

  private static void store(Tensor y, int index, long value) {
    if (y instanceof LongTensor longs) {
      longs.array()[y.offset() + index] = value;
    } else {
      ((IntTensor) y).array()[y.offset() + index] = (int) value;
    }
  }
}
