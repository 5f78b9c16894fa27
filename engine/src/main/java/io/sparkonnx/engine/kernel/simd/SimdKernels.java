package io.sparkonnx.engine.kernel.simd;

import io.sparkonnx.engine.kernel.BinaryKernel;
import io.sparkonnx.engine.kernel.ConvolutionKernel;
import io.sparkonnx.engine.kernel.GemmKernel;
import io.sparkonnx.engine.kernel.Kernels;
import io.sparkonnx.engine.kernel.NormalizationKernel;
import io.sparkonnx.engine.kernel.PoolKernel;
import io.sparkonnx.engine.kernel.ReduceKernel;
import io.sparkonnx.engine.kernel.SoftmaxKernel;
import io.sparkonnx.engine.kernel.TreeKernel;
import io.sparkonnx.engine.kernel.UnaryKernel;
import io.sparkonnx.engine.kernel.scalar.ScalarUnary;

/** The kernels on the Vector API. Needs {@code --add-modules jdk.incubator.vector}. */
public final class SimdKernels implements Kernels {
  private final UnaryKernel unary =
      new PrimedUnary(new SimdUnary(), new ScalarUnary(), Lanes.COUNT);
  private final BinaryKernel binary = new SimdBinary();
  private final ReduceKernel reduce = new SimdReduce();
  private final SoftmaxKernel softmax = new SimdSoftmax(unary);
  private final NormalizationKernel normalization = new SimdNormalization();
  private final GemmKernel gemm = new SimdGemm(unary);
  private final ConvolutionKernel convolution = new SimdConvolution(unary);
  private final PoolKernel pool = new SimdPool();
  private final TreeKernel tree = new SimdTree();

  /** Bits of the vectors that this JVM prefers, which may be too few for these kernels. */
  public static int vectorBits() {
    return Lanes.FLOATS.vectorBitSize();
  }

  @Override
  public String name() {
    return "simd-" + Lanes.FLOATS.vectorBitSize();
  }

  @Override
  public UnaryKernel unary() {
    return unary;
  }

  @Override
  public BinaryKernel binary() {
    return binary;
  }

  @Override
  public ReduceKernel reduce() {
    return reduce;
  }

  @Override
  public SoftmaxKernel softmax() {
    return softmax;
  }

  @Override
  public NormalizationKernel normalization() {
    return normalization;
  }

  @Override
  public GemmKernel gemm() {
    return gemm;
  }

  @Override
  public ConvolutionKernel convolution() {
    return convolution;
  }

  @Override
  public PoolKernel pool() {
    return pool;
  }

  @Override
  public TreeKernel tree() {
    return tree;
  }
}
