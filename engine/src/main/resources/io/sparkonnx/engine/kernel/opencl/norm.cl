// Normalisations beside layer_norm.

// Groups of channels of images: rows are groups, run elements of a row belong to one channel.
kernel ROW_GROUP void group_norm(int rows, int length, int channels, int run,
    global const float *x, int xo, global const float *scale, int so,
    global const float *bias, int bo, float epsilon, global float *y, int yo) {
  ROW_START
  float2 moments = row_moments(x, from, n, length, epsilon, p);
  for (int i = j; i < n; i += PARTIALS) {
    int element = row * length + i;
    int c = element / run % channels;
    float d = (x[from + i] - moments.x) * moments.y;
    y[yo + element] = fma(d, scale[so + c], bias[bo + c]);
  }
}

kernel ROW_GROUP void rms_norm(int rows, int length, global const float *x, int xo,
    global const float *scale, int so, float epsilon, global float *y, int yo) {
  ROW_START
  float s = 0.0f;
  for (int i = j; i < n; i += PARTIALS) s = fma(x[from + i], x[from + i], s);
  float root = sqrt(tree(REDUCE_SUM, s, p) / (float)length + epsilon);
  for (int i = j; i < n; i += PARTIALS) {
    y[yo + row * length + i] = x[from + i] / root * scale[so + i];
  }
}

// The sum of squares runs over the channels from before an element's own to behind it.
kernel void response_norm(int channels, int plane, int before, int behind,
    float factor, float exponent, float summand,
    global const float *x, int xo, global float *y, int yo, int n) {
  int i = get_global_id(0);
  if (i >= n) return;
  int c = i / plane % channels;
  int last = min(channels - 1, c + behind);
  float sum = 0.0f;
  for (int k = max(0, c - before); k <= last; k++) {
    float e = x[xo + i + (k - c) * plane];
    sum = fma(e, e, sum);
  }
  y[yo + i] = x[xo + i] / pow_of(fma(factor, sum, summand), exponent);
}

#ifdef cl_khr_fp64
// Vectors along the middle axis of [outer, length, inner]; p is 1 or 2.
kernel void lp_norm(int power, int outer, int length, int inner,
    global const float *x, int xo, global float *y, int yo) {
  int v = get_global_id(0);
  if (v >= outer * inner) return;
  int first = v / inner * length * inner + v % inner;
  double sum = 0.0;
  for (int k = 0; k < length; k++) {
    double e = x[xo + first + k * inner];
    sum = sum + (power == 1 ? fabs(e) : e * e);
  }
  float norm = (float)(power == 1 ? sum : sqrt(sum));
  for (int k = 0; k < length; k++) {
    int at = first + k * inner;
    y[yo + at] = norm == 0.0f ? 0.0f : x[xo + at] / norm;
  }
}

// Factor and summand per channel of a batch normalisation
kernel void batch_statistics(int channels, float epsilon,
    global const float *scale, int so, global const float *bias, int bo,
    global const float *mean, int mo, global const float *variance, int vo,
    global float *factor, int fo, global float *summand, int uo) {
  int c = get_global_id(0);
  if (c >= channels) return;
  double f = (double)scale[so + c] / sqrt((double)variance[vo + c] + (double)epsilon);
  factor[fo + c] = (float)f;
  summand[uo + c] = (float)((double)bias[bo + c] - (double)mean[mo + c] * f);
}
#endif
