// Rows of features.

// y[i] = values[column] where x[i] is the replaced value, over [outer, columns, inner]
kernel void impute_run(global const float *x, int xo, float replaced,
    global const float *values, int vo, int columns, int inner, global float *y, int yo, int n) {
  int i = get_global_id(0);
  if (i >= n) return;
  float value = x[xo + i];
  bool hit = isnan(replaced) ? isnan(value) : value == replaced;
  y[yo + i] = hit ? values[vo + i / inner % columns] : value;
}

#ifdef cl_khr_fp64
float row_length(int norm, global const float *x, int n) {
  double sum = 0.0;
  for (int i = 0; i < n; i++) {
    double element = (double)x[i];
    double term = norm == NORM_L1 ? fabs(element) : element * element;
    sum = sum + term;
  }
  return (float)(norm == NORM_L1 ? sum : sqrt(sum));
}
#else
float row_length(int norm, global const float *x, int n) { return NAN; }
#endif

// Each row by its greatest element, the sum of its magnitudes or its Euclidean length.
kernel void normalize_features(int norm, int rows, int length,
    global const float *x, int xo, global float *y, int yo) {
  int row = get_global_id(0);
  if (row >= rows) return;
  global const float *from = x + xo + row * length;
  float divisor = -FLT_MAX;
  if (norm == NORM_MAX) {
    for (int i = 0; i < length; i++) divisor = from[i] > divisor ? from[i] : divisor;
  } else {
    divisor = row_length(norm, from, length);
  }
  float safe = divisor == 0.0f ? 1.0f : divisor;
  for (int i = 0; i < length; i++) y[yo + row * length + i] = from[i] / safe;
}
