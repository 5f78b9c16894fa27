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
