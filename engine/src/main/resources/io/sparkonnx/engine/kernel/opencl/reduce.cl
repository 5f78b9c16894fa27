// Reductions of several steps, and softmax along an axis that is not the last.

// log(sum of exp(x - m)) + m with the greatest finite m of a row
kernel ROW_GROUP void log_sum_exp_rows(int rows, int length,
    global const float *x, int xo, global float *y, int yo) {
  ROW_START
  float greatest = neutral(REDUCE_MAX);
  for (int i = j; i < n; i += PARTIALS) greatest = java_max(greatest, x[from + i]);
  greatest = tree(REDUCE_MAX, greatest, p);
  greatest = isinf(greatest) ? 0.0f : greatest;
  float sum = 0.0f;
  for (int i = j; i < n; i += PARTIALS) sum = sum + exp_of(x[from + i] - greatest);
  sum = tree(REDUCE_SUM, sum, p);
  if (j == 0 && row < rows) y[yo + row] = log_of(sum) + greatest;
}

float column_maximum(global const float *x, int from, int length, int inner) {
  float greatest = neutral(REDUCE_MAX);
  for (int k = 0; k < length; k++) greatest = java_max(greatest, x[from + k * inner]);
  return greatest;
}

// The same along the middle axis of [outer, length, inner]
kernel void log_sum_exp_columns(int outer, int length, int inner,
    global const float *x, int xo, global float *y, int yo) {
  int i = get_global_id(0);
  if (i >= outer * inner) return;
  int from = xo + i / inner * length * inner + i % inner;
  float greatest = column_maximum(x, from, length, inner);
  greatest = isinf(greatest) ? 0.0f : greatest;
  float sum = 0.0f;
  for (int k = 0; k < length; k++) sum = sum + exp_of(x[from + k * inner] - greatest);
  y[yo + i] = log_of(sum) + greatest;
}

kernel void softmax_columns(int logarithm, int outer, int length, int inner,
    global const float *x, int xo, global float *y, int yo) {
  int i = get_global_id(0);
  if (i >= outer * inner) return;
  int first = i / inner * length * inner + i % inner;
  float greatest = column_maximum(x, xo + first, length, inner);
  float sum = 0.0f;
  for (int k = 0; k < length; k++) {
    float d = x[xo + first + k * inner] - greatest;
    float e = exp_of(d);
    y[yo + first + k * inner] = logarithm ? d : e;
    sum = sum + e;
  }
  float log_sum = logarithm ? log_of(sum) : 0.0f;
  for (int k = 0; k < length; k++) {
    int at = yo + first + k * inner;
    y[at] = logarithm ? y[at] - log_sum : y[at] / sum;
  }
}
