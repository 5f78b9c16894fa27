// Reductions of several steps, places of extremes, and softmax along an axis that is not the last.

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

// Whether element b at place k is to be named rather than a at place i; NaN is the extreme.
bool is_better(float b, int k, float a, int i, int last_of_equal) {
  if (isnan(a) || isnan(b)) {
    return isnan(b) && (!isnan(a) || (last_of_equal ? k > i : k < i));
  }
  return b > a || (b == a && (last_of_equal ? k > i : k < i));
}

// Place of the greatest of sign * x in each row; 16 items look at a row.
kernel ROW_GROUP void arg_extreme_rows(float sign, int last_of_equal, int rows, int length,
    global const float *x, int xo, global long *y, int yo) {
  local int places[ROWS * PARTIALS];
  local int *at = places + get_local_id(1) * PARTIALS;
  ROW_START
  float best = 0.0f;
  int place = -1;
  for (int i = j; i < n; i += PARTIALS) {
    float e = sign * x[from + i];
    if (place < 0 || is_better(e, i, best, place, last_of_equal)) {
      best = e;
      place = i;
    }
  }
  p[j] = best;
  at[j] = place;
  barrier(CLK_LOCAL_MEM_FENCE);
  if (j == 0 && row < rows) {
    for (int i = 1; i < PARTIALS; i++) {
      if (at[i] >= 0 && is_better(p[i], at[i], best, place, last_of_equal)) {
        best = p[i];
        place = at[i];
      }
    }
    y[yo + row] = place;
  }
}

// The same along the middle axis of [outer, length, inner]
kernel void arg_extreme_columns(float sign, int last_of_equal, int outer, int length, int inner,
    global const float *x, int xo, global long *y, int yo) {
  int i = get_global_id(0);
  if (i >= outer * inner) return;
  int from = xo + i / inner * length * inner + i % inner;
  float best = sign * x[from];
  int place = 0;
  for (int k = 1; k < length; k++) {
    float e = sign * x[from + k * inner];
    if (is_better(e, k, best, place, last_of_equal)) {
      best = e;
      place = k;
    }
  }
  y[yo + i] = place;
}
