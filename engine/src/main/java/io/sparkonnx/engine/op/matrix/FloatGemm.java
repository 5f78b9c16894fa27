package io.sparkonnx.engine.op.matrix;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.GemmKernel;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * {@link Gemm} of floats. A constant B is packed once; a constant C with one element per column, or
 * one for all, becomes the kernel's bias, any other C is added afterwards by the same expression.
 */
final class FloatGemm implements Step {
  private final Gemm gemm;
  private final GemmKernel.PackedB packed;
  private final Epilogue epilogue;

  private FloatGemm(Gemm gemm, GemmKernel.PackedB packed, Epilogue epilogue) {
    this.gemm = gemm;
    this.packed = packed;
    this.epilogue = epilogue;
  }

  static FloatGemm prepare(Gemm gemm, Preparation preparation) {
    FloatTensor b = (FloatTensor) preparation.constant(1);
    GemmKernel.PackedB packed = null;
    if (b != null) {
      int k = b.dim(gemm.transB() ? 1 : 0);
      int n = b.dim(gemm.transB() ? 0 : 1);
      packed =
          preparation
              .kernels()
              .gemm()
              .pack(b.array(), b.offset(), k, n, gemm.transB() ? 1 : n, gemm.transB() ? k : 1);
      preparation.packed(1, packed.bytes());
    }
    boolean none = !preparation.has(2) || gemm.beta() == 0;
    FloatTensor c = (FloatTensor) preparation.constant(2);
    Epilogue scaled = new Epilogue(gemm.alpha(), BiasAxis.NONE, null, null, 0, 0);
    Epilogue epilogue = null;
    if (none) {
      epilogue = gemm.activation().after(scaled);
    } else if (c != null && packed != null && (c.size() == 1 || c.size() == packed.n())) {
      boolean perColumn = c.rank() == 0 || c.dim(c.rank() - 1) == c.size();
      if (perColumn) {
        epilogue =
            gemm.activation()
                .after(scaled.withBias(BiasAxis.COLUMN, bias(gemm.beta(), c, packed.n())));
        preparation.packed(2, (long) packed.n() * Float.BYTES);
      }
    }
    return new FloatGemm(gemm, packed, epilogue);
  }

  /** beta·C for each of {@code n} columns, C having one element or n. */
  static float[] bias(float beta, FloatTensor c, int n) {
    float[] bias = new float[n];
    for (int j = 0; j < n; j++) {
      bias[j] = beta * c.get(c.size() == 1 ? 0 : j);
    }
    return bias;
  }

  @Override
  public void run(StepContext context) {
    FloatTensor a = context.floats(0);
    FloatTensor y = context.floatOutput(0);
    int m = y.dim(0);
    int n = y.dim(1);
    if (y.size() == 0) {
      return;
    }
    Epilogue last =
        epilogue != null ? epilogue : new Epilogue(gemm.alpha(), BiasAxis.NONE, null, null, 0, 0);
    int k = a.size() / m;
    int aRowStride = gemm.transA() ? 1 : k;
    int aColumnStride = gemm.transA() ? m : 1;
    GemmKernel kernel = context.kernels().gemm();
    if (packed != null) {
      kernel.multiply(
          m,
          a.array(),
          a.offset(),
          aRowStride,
          aColumnStride,
          packed,
          last,
          y.array(),
          y.offset(),
          n,
          context.scratch());
    } else {
      FloatTensor b = context.floats(1);
      kernel.multiply(
          m,
          n,
          k,
          a.array(),
          a.offset(),
          aRowStride,
          aColumnStride,
          b.array(),
          b.offset(),
          gemm.transB() ? 1 : n,
          gemm.transB() ? k : 1,
          last,
          y.array(),
          y.offset(),
          n,
          context.scratch());
    }
    if (epilogue == null) {
      finish(context, y);
    }
  }

  /** Adds beta·C and applies the activation. */
  private void finish(StepContext context, FloatTensor y) {
    FloatTensor c = context.floats(2);
    int n = y.dim(1);
    for (int i = 0; i < y.size(); i++) {
      float summand = gemm.beta() * c.get(broadcastIndex(c, i / n, i % n));
      y.array()[y.offset() + i] += summand;
    }
    if (!gemm.activation().isNone()) {
      context
          .kernels()
          .unary()
          .apply(
              gemm.activation().function(),
              gemm.activation().alpha(),
              gemm.activation().beta(),
              y.array(),
              y.offset(),
              y.array(),
              y.offset(),
              y.size());
    }
  }

  /** Index of C's element for row i and column j of the output. */
  static int broadcastIndex(Tensor c, int i, int j) {
    if (c.size() == 1) {
      return 0;
    }
    if (c.rank() == 1 || c.dim(0) == 1) {
      return j;
    }
    return c.dim(1) == 1 ? i : i * c.dim(1) + j;
  }
}
