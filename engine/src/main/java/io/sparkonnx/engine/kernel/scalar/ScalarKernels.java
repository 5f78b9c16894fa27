package io.sparkonnx.engine.kernel.scalar;

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

/** The kernels in plain Java: the oracle of every other set, and the fallback. */
public final class ScalarKernels implements Kernels {
  private final UnaryKernel unary = new ScalarUnary();
  private final BinaryKernel binary = new ScalarBinary();
  private final ReduceKernel reduce = new ScalarReduce();
  private final SoftmaxKernel softmax = new ScalarSoftmax();
  private final NormalizationKernel normalization = new ScalarNormalization();
  private final GemmKernel gemm = new ScalarGemm(unary);
  private final ConvolutionKernel convolution = new ScalarConvolution(unary);
  private final PoolKernel pool = new ScalarPool();
  private final TreeKernel tree = new ScalarTree();

  @Override
  public String name() {
    return "scalar";
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
