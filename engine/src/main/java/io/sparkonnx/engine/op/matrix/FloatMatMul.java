package io.sparkonnx.engine.op.matrix;

import io.sparkonnx.engine.kernel.Epilogue;
import io.sparkonnx.engine.kernel.Epilogue.BiasAxis;
import io.sparkonnx.engine.kernel.GemmKernel;
import io.sparkonnx.engine.op.Activation;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.FloatTensor;
import java.util.Arrays;

/**
 * {@link MatMul} of floats. The matrices of a constant B are packed once; rows of A that meet one B
 * go into one product.
 */
final class FloatMatMul implements Step {
  private final Activation activation;
  private final Epilogue epilogue;
  private final int[] bDims;
  private final GemmKernel.PackedB[] packed;

  private FloatMatMul(
      Activation activation, Epilogue epilogue, int[] bDims, GemmKernel.PackedB[] packed) {
    this.activation = activation;
    this.epilogue = epilogue;
    this.bDims = bDims;
    this.packed = packed;
  }

  static FloatMatMul prepare(Activation activation, Preparation preparation) {
    FloatTensor bias = (FloatTensor) preparation.constant(2);
    boolean fixed = !preparation.has(2) || bias != null;
    Epilogue epilogue = fixed ? epilogue(activation, bias) : null;
    if (bias != null) {
      preparation.packed(2, (long) bias.size() * Float.BYTES);
    }
    FloatTensor b = (FloatTensor) preparation.constant(1);
    if (b == null) {
      return new FloatMatMul(activation, epilogue, null, null);
    }
    return new FloatMatMul(activation, epilogue, b.dims(), pack(preparation, b));
  }

  private static GemmKernel.PackedB[] pack(Preparation preparation, FloatTensor b) {
    int k = b.dim(Math.max(0, b.rank() - 2));
    int n = b.rank() == 1 ? 1 : b.dim(b.rank() - 1);
    int[] dims = b.dims();
    int count = Arrays.stream(dims, 0, Math.max(0, dims.length - 2)).reduce(1, (x, y) -> x * y);
    GemmKernel.PackedB[] packed = new GemmKernel.PackedB[count];
    for (int i = 0; i < packed.length; i++) {
      int offset = b.offset() + i * k * n;
      packed[i] = preparation.kernels().gemm().pack(b.array(), offset, k, n, n, 1);
      preparation.packed(1, packed[i].bytes());
    }
    return packed;
  }

  private static Epilogue epilogue(Activation activation, FloatTensor bias) {
    Epilogue plain =
        bias == null
            ? Epilogue.IDENTITY
            : Epilogue.IDENTITY.withBias(BiasAxis.COLUMN, bias.toArray());
    return activation.after(plain);
  }

  @Override
  public void run(StepContext context) {
    FloatTensor a = context.floats(0);
    FloatTensor b = packed == null ? context.floats(1) : null;
    FloatTensor y = context.floatOutput(0);
    if (y.size() == 0) {
      return;
    }
    Epilogue last = epilogue == null ? epilogue(activation, context.floats(2)) : epilogue;
    MatMulShape shape = MatMulShape.of(context, bDims);
    for (int batch = 0; batch < shape.batches(); batch++) {
      context.checkCancelled();
      int from = a.offset() + shape.aStart(batch);
      int to = y.offset() + batch * shape.m() * shape.n();
      if (b == null) {
        GemmKernel.PackedB right = packed[shape.bIndex()[batch]];
        multiply(context, shape, a.array(), from, right, last, y.array(), to);
      } else {
        int start = b.offset() + shape.bStart(batch);
        multiply(context, shape, a.array(), from, b.array(), start, last, y.array(), to);
      }
    }
  }

  private static void multiply(
      StepContext context,
      MatMulShape shape,
      float[] a,
      int from,
      GemmKernel.PackedB b,
      Epilogue last,
      float[] y,
      int to) {
    context
        .kernels()
        .gemm()
        .multiply(shape.m(), a, from, shape.k(), 1, b, last, y, to, shape.n(), context.scratch());
  }

  private static void multiply(
      StepContext context,
      MatMulShape shape,
      float[] a,
      int from,
      float[] b,
      int start,
      Epilogue last,
      float[] y,
      int to) {
    context
        .kernels()
        .gemm()
        .multiply(
            shape.m(),
            shape.n(),
            shape.k(),
            a,
            from,
            shape.k(),
            1,
            b,
            start,
            shape.n(),
            1,
            last,
            y,
            to,
            shape.n(),
            context.scratch());
  }
}
