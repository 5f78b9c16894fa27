// Rows: 16 partials, item j of 16 takes elements j, j + 16, ..., then a halving tree.
#define PARTIALS 16
#define ROWS 4

float combined(int f, float a, float b) {
  switch (f) {
    case REDUCE_PRODUCT: return a * b;
    case REDUCE_MIN: return java_min(a, b);
    case REDUCE_MAX: return java_max(a, b);
    default: return a + b;
  }
}

float accumulated(int f, float sum, float x) {
  switch (f) {
    case REDUCE_SUM_ABS: return sum + fabs(x);
    case REDUCE_SUM_SQUARE: return fma(x, x, sum);
    default: return combined(f, sum, x);
  }
}

float neutral(int f) {
  switch (f) {
    case REDUCE_PRODUCT: return 1.0f;
    case REDUCE_MIN: return INFINITY;
    case REDUCE_MAX: return -INFINITY;
    default: return 0.0f;
  }
}

// All items of a row get the result. Every item of the work-group calls it.
float tree(int f, float partial, local float *p) {
  int j = get_local_id(0);
  barrier(CLK_LOCAL_MEM_FENCE);
  p[j] = partial;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int half_width = PARTIALS / 2; half_width > 0; half_width /= 2) {
    if (j < half_width) p[j] = combined(f, p[j], p[j + half_width]);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  return p[0];
}

#define ROW_GROUP __attribute__((reqd_work_group_size(PARTIALS, ROWS, 1)))
#define ROW_START \
  local float all[ROWS * PARTIALS]; \
  local float *p = all + get_local_id(1) * PARTIALS; \
  int j = get_local_id(0); \
  int row = get_global_id(1); \
  int n = row < rows ? length : 0; \
  int from = xo + row * length;

kernel ROW_GROUP void reduce_rows(int f, int rows, int length,
    global const float *x, int xo, global float *y, int yo) {
  ROW_START
  float s = neutral(f);
  for (int i = j; i < n; i += PARTIALS) s = accumulated(f, s, x[from + i]);
  s = tree(f, s, p);
  if (j == 0 && row < rows) y[yo + row] = s;
}

kernel void reduce_columns(int f, int outer, int length, int inner,
    global const float *x, int xo, global float *y, int yo) {
  int i = get_global_id(0);
  if (i >= outer * inner) return;
  int from = xo + i / inner * length * inner + i % inner;
  float s = neutral(f);
  for (int k = 0; k < length; k++) s = accumulated(f, s, x[from + k * inner]);
  y[yo + i] = s;
}

kernel ROW_GROUP void softmax(int logarithm, int rows, int length,
    global const float *x, int xo, global float *y, int yo) {
  ROW_START
  int to = yo + row * length;
  float greatest = neutral(REDUCE_MAX);
  for (int i = j; i < n; i += PARTIALS) greatest = java_max(greatest, x[from + i]);
  greatest = tree(REDUCE_MAX, greatest, p);
  float sum = 0.0f;
  for (int i = j; i < n; i += PARTIALS) {
    float d = x[from + i] - greatest;
    float e = exp_of(d);
    y[to + i] = logarithm ? d : e;
    sum = sum + e;
  }
  sum = tree(REDUCE_SUM, sum, p);
  float log_sum = logarithm ? log_of(sum) : 0.0f;
  for (int i = j; i < n; i += PARTIALS) {
    y[to + i] = logarithm ? y[to + i] - log_sum : y[to + i] / sum;
  }
}

// Mean of a row and 1 / sqrt(variance + epsilon); n is 0 where there is no row
float2 row_moments(global const float *x, int from, int n, int length, float epsilon,
    local float *p) {
  int j = get_local_id(0);
  float s = 0.0f;
  for (int i = j; i < n; i += PARTIALS) s = s + x[from + i];
  float center = tree(REDUCE_SUM, s, p) / (float)length;
  s = 0.0f;
  for (int i = j; i < n; i += PARTIALS) {
    float d = x[from + i] - center;
    s = fma(d, d, s);
  }
  float variance = tree(REDUCE_SUM, s, p) / (float)length;
  return (float2)(center, 1.0f / sqrt(variance + epsilon));
}

kernel ROW_GROUP void layer_norm(int rows, int length, global const float *x, int xo,
    global const float *scale, int so, int biased, global const float *bias, int bo,
    float epsilon, global float *y, int yo,
    int moments, global float *mean, int mo, global float *inverse, int io) {
  ROW_START
  int to = yo + row * length;
  float2 found = row_moments(x, from, n, length, epsilon, p);
  float center = found.x;
  float factor = found.y;
  for (int i = j; i < n; i += PARTIALS) {
    float d = (x[from + i] - center) * factor;
    y[to + i] = biased ? fma(d, scale[so + i], bias[bo + i]) : d * scale[so + i];
  }
  if (moments && j == 0 && row < rows) {
    mean[mo + row] = center;
    inverse[io + row] = factor;
  }
}
