package io.sparkonnx.engine.kernel.simd;

import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.UnaryKernel;
import io.sparkonnx.engine.kernel.scalar.ScalarFunctionLoops;

/** Element-wise functions of one float on the Vector API. */
public final class SimdUnary implements UnaryKernel {
  @Override
  public void apply(
      UnaryFunction f,
      float alpha,
      float beta,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      int length) {
    switch (f) {
      case ABS -> SimdSimpleLoops.abs(x, xOffset, y, yOffset, length);
      case NEG -> SimdSimpleLoops.neg(x, xOffset, y, yOffset, length);
      case SIGN -> SimdSimpleLoops.sign(x, xOffset, y, yOffset, length);
      case FLOOR -> SimdSimpleLoops.floor(x, xOffset, y, yOffset, length);
      case CEIL -> SimdSimpleLoops.ceil(x, xOffset, y, yOffset, length);
      case ROUND -> SimdSimpleLoops.round(x, xOffset, y, yOffset, length);
      case SQRT -> SimdSimpleLoops.sqrt(x, xOffset, y, yOffset, length);
      case RECIPROCAL -> SimdSimpleLoops.reciprocal(x, xOffset, y, yOffset, length);
      case EXP, LOG, ERF, TANH, SIGMOID, ELU, SELU, CELU, SOFTPLUS, MISH, SWISH, GELU, GELU_TANH ->
          SeparateLoops.run(f, alpha, beta, x, xOffset, y, yOffset, length);
      case SIN -> ScalarFunctionLoops.sin(x, xOffset, y, yOffset, length);
      case COS -> ScalarFunctionLoops.cos(x, xOffset, y, yOffset, length);
      case RELU -> SimdSimpleLoops.relu(x, xOffset, y, yOffset, length);
      case LEAKY_RELU -> SimdSimpleLoops.leakyRelu(alpha, x, xOffset, y, yOffset, length);
      case THRESHOLDED_RELU ->
          SimdSimpleLoops.thresholdedRelu(alpha, x, xOffset, y, yOffset, length);
      case CLIP -> SimdSimpleLoops.clip(alpha, beta, x, xOffset, y, yOffset, length);
      case SOFTSIGN -> SimdSimpleLoops.softsign(x, xOffset, y, yOffset, length);
      case HARD_SIGMOID -> SimdSimpleLoops.hardSigmoid(alpha, beta, x, xOffset, y, yOffset, length);
      case HARD_SWISH -> SimdSimpleLoops.hardSwish(x, xOffset, y, yOffset, length);
      case AFFINE -> SimdSimpleLoops.affine(alpha, beta, x, xOffset, y, yOffset, length);
    }
  }
}
