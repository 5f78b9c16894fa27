// Element-wise functions by their numbers.
float unary(int f, float alpha, float beta, float x) {
  switch (f) {
    case UNARY_ABS: return fabs(x);
    case UNARY_NEG: return -x;
    case UNARY_SIGN: return sign_of(x);
    case UNARY_FLOOR: return floor(x);
    case UNARY_CEIL: return ceil(x);
    case UNARY_ROUND: return rint(x);
    case UNARY_SQRT: return sqrt(x);
    case UNARY_RECIPROCAL: return 1.0f / x;
    case UNARY_EXP: return exp_of(x);
    case UNARY_LOG: return log_of(x);
    case UNARY_SIN: return quarter(x, 0);
    case UNARY_COS: return quarter(x, 1);
    case UNARY_ERF: return erf_of(x);
    case UNARY_TANH: return tanh_of(x);
    case UNARY_SIGMOID: return sigmoid_of(x);
    case UNARY_RELU: return x <= 0.0f ? 0.0f : x;
    case UNARY_LEAKY_RELU: return x < 0.0f ? alpha * x : x;
    case UNARY_THRESHOLDED_RELU: return x <= alpha ? 0.0f : x;
    case UNARY_CLIP: return bounded(x, alpha, beta);
    case UNARY_ELU: return x < 0.0f ? alpha * expm1_of(x) : x;
    case UNARY_SELU: return beta * (x > 0.0f ? x : alpha * expm1_of(x));
    case UNARY_CELU: return celu_of(x, alpha);
    case UNARY_SOFTPLUS: return softplus_of(x);
    case UNARY_SOFTSIGN: return x / (1.0f + fabs(x));
    case UNARY_HARD_SIGMOID: return bounded(fma(x, alpha, beta), 0.0f, 1.0f);
    case UNARY_HARD_SWISH: return x * bounded(fma(x, SIXTH, 0.5f), 0.0f, 1.0f);
    case UNARY_MISH: return mish_of(x);
    case UNARY_SWISH: return swish_of(x, alpha);
    case UNARY_GELU: return gelu_of(x);
    case UNARY_GELU_TANH: return gelu_tanh_of(x);
    case UNARY_AFFINE: return fma(x, alpha, beta);
    default: return x;
  }
}

float binary(int f, float a, float b) {
  switch (f) {
    case BINARY_ADD: return a + b;
    case BINARY_SUB: return a - b;
    case BINARY_MUL: return a * b;
    case BINARY_DIV: return a / b;
    case BINARY_MIN: return java_min(a, b);
    case BINARY_MAX: return java_max(a, b);
    case BINARY_POW: return pow_of(a, b);
    case BINARY_PRELU: return a < 0.0f ? b * a : a;
    default: return NAN;
  }
}
