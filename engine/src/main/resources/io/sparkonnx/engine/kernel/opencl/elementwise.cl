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

// y[i] = f(x[i])
kernel void unary_run(int f, float alpha, float beta, global const float *x, int xo,
    global float *y, int yo, int n) {
  int i = get_global_id(0);
  if (i < n) y[yo + i] = unary(f, alpha, beta, x[xo + i]);
}

// y[i0, i1, i2, i3] = f(a, b), each with a stride per axis; y is contiguous.
kernel void binary_run(int f, global const float *a, int ao, int a0, int a1, int a2, int a3,
    global const float *b, int bo, int b0, int b1, int b2, int b3,
    global float *y, int yo, int d1, int d2, int d3, int n) {
  int i = get_global_id(0);
  if (i >= n) return;
  int i3 = i % d3;
  int r = i / d3;
  int i2 = r % d2;
  r /= d2;
  int i1 = r % d1;
  int i0 = r / d1;
  y[yo + i] = binary(f, a[ao + i0 * a0 + i1 * a1 + i2 * a2 + i3 * a3],
      b[bo + i0 * b0 + i1 * b1 + i2 * b2 + i3 * b3]);
}

// y[i] = fma(x[i], scale[channel], shift[channel]) over [outer, channels, inner]
kernel void affine_run(global const float *x, int xo, global const float *scale, int so,
    global const float *shift, int ho, global float *y, int yo, int channels, int inner, int n) {
  int i = get_global_id(0);
  if (i >= n) return;
  int c = i / inner % channels;
  y[yo + i] = fma(x[xo + i], scale[so + c], shift[ho + c]);
}

// Copies x to y along [d0, d1, d2, d3] with strides on both sides.
kernel void strided_copy(global const float *x, int xo, int x0, int x1, int x2, int x3,
    global float *y, int yo, int y0, int y1, int y2, int y3, int d1, int d2, int d3, int n) {
  int i = get_global_id(0);
  if (i >= n) return;
  int i3 = i % d3;
  int r = i / d3;
  int i2 = r % d2;
  r /= d2;
  int i1 = r % d1;
  int i0 = r / d1;
  y[yo + i0 * y0 + i1 * y1 + i2 * y2 + i3 * y3] = x[xo + i0 * x0 + i1 * x1 + i2 * x2 + i3 * x3];
}
