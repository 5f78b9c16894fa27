package io.sparkonnx.engine.kernel;

/**
 * Element-wise functions of one float. {@code alpha} and {@code beta} are the function's
 * parameters; functions that name neither ignore both. NaN in gives NaN out unless stated
 * otherwise.
 *
 * <p>Both twins evaluate the same polynomials. Transcendental functions are at most 2 ulp from the
 * exact value; MISH, SWISH, GELU and GELU_TANH, products with x, at most 5 ulp, or 2⁻¹⁴² where that
 * is more.
 */
public enum UnaryFunction {
  ABS,
  NEG,
  SIGN,
  FLOOR,
  CEIL,
  /** To the nearest integer, halves to even. */
  ROUND,
  SQRT,
  RECIPROCAL,
  EXP,
  LOG,
  SIN,
  COS,
  ERF,
  TANH,
  SIGMOID,
  /** max(x, 0); NaN stays NaN. */
  RELU,
  /** x &lt; 0 ? alpha·x : x. */
  LEAKY_RELU,
  /** x &gt; alpha ? x : 0. */
  THRESHOLDED_RELU,
  /** min(max(x, alpha), beta). */
  CLIP,
  /** x &lt; 0 ? alpha·(eˣ−1) : x. */
  ELU,
  /** x &gt; 0 ? beta·x : beta·(alpha·eˣ − alpha). */
  SELU,
  /** max(0,x) + min(0, alpha·(e^(x/alpha)−1)). */
  CELU,
  /** ln(1 + eˣ). */
  SOFTPLUS,
  /** x / (1 + |x|). */
  SOFTSIGN,
  /** max(0, min(1, alpha·x + beta)). */
  HARD_SIGMOID,
  /** x · max(0, min(1, x/6 + 0.5)). */
  HARD_SWISH,
  /** x · tanh(softplus(x)). */
  MISH,
  /** x · sigmoid(alpha·x). */
  SWISH,
  /** 0.5·x·(1 + erf(x/√2)). */
  GELU,
  /** 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))). */
  GELU_TANH,
  /** fma(x, alpha, beta). */
  AFFINE
}
