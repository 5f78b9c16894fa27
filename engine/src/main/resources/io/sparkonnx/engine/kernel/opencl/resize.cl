// A table holds, for each place of an axis and each of its taps, a source (bits of a float) and a weight; without
// taps an axis stays as it is.
int resize_source(global const float *table, int begin, int taps, int place, int tap) {
  return taps == 0 ? place : as_int(table[begin + 2 * (place * taps + tap)]);
}

float resize_weight(global const float *table, int begin, int taps, int place, int tap) {
  return taps == 0 ? 1.0f : table[begin + 2 * (place * taps + tap) + 1];
}

float resize_sum(int tap, float weight, float element, float sum) {
  return tap == 0 ? weight * element : fma(weight, element, sum);
}

// y of four axes; s strides of x, t taps, b begins in the table, d lengths of y.
kernel void resize_elements(global const float *x, int xo, global const float *table, int to,
    int s0, int t0, int b0, int s1, int t1, int b1, int s2, int t2, int b2, int s3, int t3, int b3,
    global float *y, int yo, int d1, int d2, int d3, float outside, int n) {
  int i = get_global_id(0);
  if (i >= n) return;
  int i3 = i % d3;
  int r = i / d3;
  int i2 = r % d2;
  r /= d2;
  int i1 = r % d1;
  int i0 = r / d1;
  global const float *w = table + to;
  if (resize_source(w, b0, t0, i0, 0) < 0 || resize_source(w, b1, t1, i1, 0) < 0
      || resize_source(w, b2, t2, i2, 0) < 0 || resize_source(w, b3, t3, i3, 0) < 0) {
    y[yo + i] = outside;
    return;
  }
  float v0 = 0.0f;
  for (int k0 = 0; k0 < max(t0, 1); k0++) {
    int at0 = xo + resize_source(w, b0, t0, i0, k0) * s0;
    float v1 = 0.0f;
    for (int k1 = 0; k1 < max(t1, 1); k1++) {
      int at1 = at0 + resize_source(w, b1, t1, i1, k1) * s1;
      float v2 = 0.0f;
      for (int k2 = 0; k2 < max(t2, 1); k2++) {
        int at2 = at1 + resize_source(w, b2, t2, i2, k2) * s2;
        float v3 = 0.0f;
        for (int k3 = 0; k3 < max(t3, 1); k3++) {
          float e = x[at2 + resize_source(w, b3, t3, i3, k3) * s3];
          v3 = resize_sum(k3, resize_weight(w, b3, t3, i3, k3), e, v3);
        }
        v2 = resize_sum(k2, resize_weight(w, b2, t2, i2, k2), v3, v2);
      }
      v1 = resize_sum(k1, resize_weight(w, b1, t1, i1, k1), v2, v1);
    }
    v0 = resize_sum(k0, resize_weight(w, b0, t0, i0, k0), v1, v0);
  }
  y[yo + i] = v0;
}
