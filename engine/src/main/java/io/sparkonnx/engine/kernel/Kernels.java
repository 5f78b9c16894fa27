package io.sparkonnx.engine.kernel;

/** One backend's set of kernels. Implementations are stateless and safe to share. */
public interface Kernels {
  /** Name for people and for metrics, e.g. {@code scalar} or {@code simd-512}. */
  String name();

  UnaryKernel unary();

  BinaryKernel binary();

  ReduceKernel reduce();

  SoftmaxKernel softmax();

  NormalizationKernel normalization();

  GemmKernel gemm();

  ConvolutionKernel convolution();

  PoolKernel pool();

  TreeKernel tree();
}
