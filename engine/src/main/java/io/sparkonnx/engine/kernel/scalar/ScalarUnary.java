package io.sparkonnx.engine.kernel.scalar;

import io.sparkonnx.engine.kernel.UnaryFunction;
import io.sparkonnx.engine.kernel.UnaryKernel;

/** Element-wise functions of one float in plain loops. */
public final class ScalarUnary implements UnaryKernel {
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
      case ABS -> ScalarSimpleLoops.abs(x, xOffset, y, yOffset, length);
      case NEG -> ScalarSimpleLoops.neg(x, xOffset, y, yOffset, length);
      case SIGN -> ScalarSimpleLoops.sign(x, xOffset, y, yOffset, length);
      case FLOOR -> ScalarSimpleLoops.floor(x, xOffset, y, yOffset, length);
      case CEIL -> ScalarSimpleLoops.ceil(x, xOffset, y, yOffset, length);
      case ROUND -> ScalarSimpleLoops.round(x, xOffset, y, yOffset, length);
      case SQRT -> ScalarSimpleLoops.sqrt(x, xOffset, y, yOffset, length);
      case RECIPROCAL -> ScalarSimpleLoops.reciprocal(x, xOffset, y, yOffset, length);
      case EXP -> ScalarFunctionLoops.exp(x, xOffset, y, yOffset, length);
      case LOG -> ScalarFunctionLoops.log(x, xOffset, y, yOffset, length);
      case SIN -> ScalarFunctionLoops.sin(x, xOffset, y, yOffset, length);
      case COS -> ScalarFunctionLoops.cos(x, xOffset, y, yOffset, length);
      case ERF -> ScalarFunctionLoops.erf(x, xOffset, y, yOffset, length);
      case TANH -> ScalarFunctionLoops.tanh(x, xOffset, y, yOffset, length);
      case SIGMOID -> ScalarFunctionLoops.sigmoid(x, xOffset, y, yOffset, length);
      case RELU -> ScalarSimpleLoops.relu(x, xOffset, y, yOffset, length);
      case LEAKY_RELU -> ScalarSimpleLoops.leakyRelu(alpha, x, xOffset, y, yOffset, length);
      case THRESHOLDED_RELU ->
          ScalarSimpleLoops.thresholdedRelu(alpha, x, xOffset, y, yOffset, length);
      case CLIP -> ScalarSimpleLoops.clip(alpha, beta, x, xOffset, y, yOffset, length);
      case ELU -> ScalarFunctionLoops.elu(alpha, x, xOffset, y, yOffset, length);
      case SELU -> ScalarFunctionLoops.selu(alpha, beta, x, xOffset, y, yOffset, length);
      case CELU -> ScalarFunctionLoops.celu(alpha, x, xOffset, y, yOffset, length);
      case SOFTPLUS -> ScalarFunctionLoops.softplus(x, xOffset, y, yOffset, length);
      case SOFTSIGN -> ScalarSimpleLoops.softsign(x, xOffset, y, yOffset, length);
      case HARD_SIGMOID ->
          ScalarSimpleLoops.hardSigmoid(alpha, beta, x, xOffset, y, yOffset, length);
      case HARD_SWISH -> ScalarSimpleLoops.hardSwish(x, xOffset, y, yOffset, length);
      case MISH -> ScalarFunctionLoops.mish(x, xOffset, y, yOffset, length);
      case SWISH -> ScalarFunctionLoops.swish(alpha, x, xOffset, y, yOffset, length);
      case GELU -> ScalarFunctionLoops.gelu(x, xOffset, y, yOffset, length);
      case GELU_TANH -> ScalarFunctionLoops.geluTanh(x, xOffset, y, yOffset, length);
      case AFFINE -> ScalarSimpleLoops.affine(alpha, beta, x, xOffset, y, yOffset, length);
    }
  }
}
