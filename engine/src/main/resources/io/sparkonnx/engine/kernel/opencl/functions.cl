// Functions that take floats through, in the order of kernel.scalar.
float java_min(float a, float b) {
  if (isnan(a)) return a;
  if (isnan(b)) return b;
  return a < b ? a : b < a ? b : as_float(as_int(a) | as_int(b));
}

float java_max(float a, float b) {
  if (isnan(a)) return a;
  if (isnan(b)) return b;
  return a > b ? a : b > a ? b : as_float(as_int(a) & as_int(b));
}

float bounded(float x, float low, float high) {
  float c = x < low ? low : x;
  return c > high ? high : c;
}

float power_of_two(int n) { return as_float((n + 127) << 23); }

float exp_reduced(float x, float n) {
  return fma(n, -(LN2_LOW), fma(n, -(LN2_HIGH), x));
}

float exp_polynomial(float r) {
  float p = fma(P5, r, P4);
  p = fma(p, r, P3);
  p = fma(p, r, P2);
  p = fma(p, r, P1);
  return fma(p, r, P0);
}

float exp_scaled(float r, float t) {
  float p = fma(exp_polynomial(r), r, 1.0f);
  p = fma(p, r, 1.0f);
  int n = as_int(t) - MAGIC_BITS;
  int h = n >> 1;
  return p * power_of_two(h) * power_of_two(n - h);
}

float exp_low(float x, float low) {
  float c = bounded(x, MIN, MAX);
  float t = fma(c, LOG2_E, MAGIC);
  return exp_scaled(exp_reduced(c, t - MAGIC) + low, t);
}

float exp_of(float x) {
  float c = bounded(x, MIN, MAX);
  float t = fma(c, LOG2_E, MAGIC);
  return exp_scaled(exp_reduced(c, t - MAGIC), t);
}

float expm1_of(float x) {
  float c = bounded(x, EXPM1_MIN, MAX);
  float t = fma(c, LOG2_E, MAGIC);
  float r = exp_reduced(c, t - MAGIC);
  float q = fma(r * r, exp_polynomial(r), r);
  float h = power_of_two(as_int(t) - MAGIC_BITS - 1);
  float y = fma(h, q, h - 0.5f);
  return fabs(x) < EXPM1_LINEAR ? x : y + y;
}

float log_combined(float k, float f) {
  float q = fma(Q9, f, Q8);
  q = fma(q, f, Q7);
  q = fma(q, f, Q6);
  q = fma(q, f, Q5);
  q = fma(q, f, Q4);
  q = fma(q, f, Q3);
  q = fma(q, f, Q2);
  q = fma(q, f, Q1);
  q = fma(q, f, Q0);
  float low = fma(k, LN2_LOW, f * f * q);
  return fma(k, LN2_HIGH, f + low);
}

float log_of(float x) {
  bool small = x < MIN_NORMAL;
  float m = small ? x * SUBNORMAL_SCALE : x;
  int bits = as_int(m) - SQRT_HALF_BITS;
  float k = as_float((bits >> 23) + MAGIC_BITS) - MAGIC;
  k = small ? k - SUBNORMAL_EXPONENT : k;
  float f = as_float((bits & MANTISSA_MASK) + SQRT_HALF_BITS) - 1.0f;
  float y = log_combined(k, f);
  y = x < INFINITY ? y : x;
  y = x == 0.0f ? -INFINITY : y;
  return x < 0.0f ? NAN : y;
}

float log1p_of(float x) {
  bool large = x > SQRT_TWO_MINUS_ONE;
  return log_combined(large ? 1.0f : 0.0f, large ? fma(x, 0.5f, -0.5f) : x);
}

float tanh_of(float x) {
  float a = fabs(x);
  float c = a > TANH_MAX ? TANH_MAX : a;
  float large = 1.0f - 2.0f / (exp_of(c + c) + 1.0f);
  float s = x * x;
  float t = fma(T4, s, T3);
  t = fma(t, s, T2);
  t = fma(t, s, T1);
  t = fma(t, s, T0);
  float small = fma(t * s, a, a);
  return copysign(a < TANH_SMALL ? small : large, x);
}

float logistic(float e, bool negative) {
  float q = e / (1.0f + e);
  return negative ? fma(-e, q, e) : 1.0f - q;
}

float sigmoid_of(float x) { return logistic(exp_of(-fabs(x)), x < 0.0f); }

float swish_of(float x, float alpha) {
  float z = bounded(alpha * x, MIN, -(MIN));
  float low = fma(alpha, x, -z);
  low = fabs(low) < 1.0f ? low : 0.0f;
  bool negative = z < 0.0f;
  float e = exp_low(-fabs(z), negative ? low : -low);
  return x * logistic(e, negative);
}

float softplus_of(float x) {
  float e = exp_of(-fabs(x));
  return (x < 0.0f ? 0.0f : x) + log1p_of(e);
}

float mish_of(float x) {
  float e = exp_of(-fabs(x));
  bool negative = x < 0.0f;
  float twice = e + e;
  float h = fma(0.5f * e, e, e);
  float square = twice * e;
  float q = negative ? h / (1.0f + h) : square / (1.0f + twice + square);
  return x * (negative ? fma(-h, q, h) : 1.0f - q);
}

float erf_of(float x) {
  float a = fabs(x);
  float c = a > ERF_MAX ? ERF_MAX : a;
  float l = fma(L7, c, L6);
  l = fma(l, c, L5);
  l = fma(l, c, L4);
  l = fma(l, c, L3);
  l = fma(l, c, L2);
  l = fma(l, c, L1);
  l = fma(l, c, L0);
  float large = 1.0f - exp_of(l);
  float s = x * x;
  float e = fma(E6, s, E5);
  e = fma(e, s, E4);
  e = fma(e, s, E3);
  e = fma(e, s, E2);
  e = fma(e, s, E1);
  e = fma(e, s, E0);
  float small = fma(e, a, a);
  return copysign(a < ERF_SMALL ? small : large, x);
}

float gelu_of(float x) {
  float a = fabs(x);
  a = a > GELU_MAX ? GELU_MAX : a;
  float inverse = 1.0f / (a + TAIL_CENTER);
  float t = (a - TAIL_CENTER) * inverse;
  float p = fma(S7, t, S6);
  p = fma(p, t, S5);
  p = fma(p, t, S4);
  p = fma(p, t, S3);
  p = fma(p, t, S2);
  p = fma(p, t, S1);
  p = fma(p, t, S0);
  float minus = -0.5f * a;
  float exponent = minus * a;
  float power = exp_low(exponent, fma(minus, a, -exponent));
  float square = a * a;
  float q = fma(N5, square, N4);
  q = fma(q, square, N3);
  q = fma(q, square, N2);
  q = fma(q, square, N1);
  q = fma(q, square, N0);
  float tail = a < TAIL_SMALL ? fma(-a, q, 0.5f) : power * (p * inverse);
  return x * (x < 0.0f ? tail : 1.0f - tail);
}

float gelu_tanh_of(float x) {
  float a = fabs(x);
  a = a > GELU_MAX ? GELU_MAX : a;
  float square = a * a;
  float square_low = fma(a, a, -square);
  float m = CUBIC_HIGH * square;
  float m_low = fma(CUBIC_HIGH, square, -m);
  float p = LINEAR_HIGH + m;
  float b = p - LINEAR_HIGH;
  float p_low = (LINEAR_HIGH - (p - b)) + (m - b);
  float rest = fma(CUBIC_HIGH, square_low, fma(CUBIC_LOW, square, LINEAR_LOW));
  p_low = p_low + (m_low + rest);
  float z = a * p;
  float z_low = fma(a, p_low, fma(a, p, -z));
  float e = exp_low(-z, -z_low);
  return x * logistic(e, x < 0.0f);
}

float sign_of(float x) {
  float y = x > 0.0f ? 1.0f : x;
  return x < 0.0f ? -1.0f : y;
}

float celu_of(float x, float alpha) {
  float e = alpha * expm1_of(x / alpha);
  return (x < 0.0f ? 0.0f : x) + (e > 0.0f ? 0.0f : e);
}
