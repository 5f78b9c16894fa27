// y[i, j, r] = x[i, picks[j], r] over [outer, length, run]; picks are the bits of floats.
kernel void gather_runs(global const float *x, int xo, int length, int run,
    global const float *picks, int po, int count, global float *y, int yo, int n) {
  int i = get_global_id(0);
  if (i >= n) return;
  int r = i % run;
  int j = i / run % count;
  int o = i / run / count;
  y[yo + i] = x[xo + (o * length + as_int(picks[po + j])) * run + r];
}

int padded_source(int mode, int i, int length) {
  if (mode == PADDING_EDGE) return clamp(i, 0, length - 1);
  if (mode == PADDING_WRAP) return (i % length + length) % length;
  if (length == 1) return 0;
  int period = 2 * (length - 1);
  int phase = (i % period + period) % period;
  return phase < length ? phase : period - phase;
}

// y of four axes from the box of lengths l in x; b elements come before the box along each axis.
kernel void pad_elements(int mode, global const float *x, int xo,
    int s0, int s1, int s2, int s3, int l0, int l1, int l2, int l3,
    int b0, int b1, int b2, int b3, global float *y, int yo, int d1, int d2, int d3, int n) {
  int i = get_global_id(0);
  if (i >= n) return;
  int i3 = i % d3;
  int r = i / d3;
  int i2 = r % d2;
  r /= d2;
  int i1 = r % d1;
  int i0 = r / d1;
  y[yo + i] = x[xo + padded_source(mode, i0 - b0, l0) * s0 + padded_source(mode, i1 - b1, l1) * s1
      + padded_source(mode, i2 - b2, l2) * s2 + padded_source(mode, i3 - b3, l3) * s3];
}
