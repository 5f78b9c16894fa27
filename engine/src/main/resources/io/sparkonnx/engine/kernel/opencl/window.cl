// Windows over planes of three spatial axes.
#define WINDOW_PARAMETERS int id, int ih, int iw, int od, int oh, int ow, \
    int kd, int kh, int kw, int sd, int sh, int sw, int dd, int dh, int dw, int pd, int ph, int pw

// The element of a plane at a tap of the window of output pixel, or -1 in the padding.
int tap_index(int pixel, int tap, WINDOW_PARAMETERS) {
  int x = pixel % ow * sw - pw + tap % kw * dw;
  int y = pixel / ow % oh * sh - ph + tap / kw % kh * dh;
  int z = pixel / ow / oh * sd - pd + tap / kw / kh * dd;
  bool inside = x >= 0 && x < iw && y >= 0 && y < ih && z >= 0 && z < id;
  return inside ? (z * ih + y) * iw + x : -1;
}
#define WINDOW id, ih, iw, od, oh, ow, kd, kh, kw, sd, sh, sw, dd, dh, dw, pd, ph, pw

// Convolution with an item per element, for groups of few output channels.
kernel void convolution_direct(
    int batch, int groups, int channels, int outputs, WINDOW_PARAMETERS,
    global const float *x, int xo, global const float *w, int wo, int w_half,
    global float *y, int yo, float scale, int bias_axis, global const float *bias, int bias_offset,
    int activation, float alpha, float beta) {
  int taps = kd * kh * kw;
  int in_plane = id * ih * iw;
  int out_plane = od * oh * ow;
  int i = get_global_id(0);
  if (i >= batch * groups * outputs * out_plane) return;
  int pixel = i % out_plane;
  int o = i / out_plane % (groups * outputs);
  int image = i / out_plane / (groups * outputs);
  int from = xo + (image * groups + o / outputs) * channels * in_plane;
  int weight = wo + o * channels * taps;
  float sum = 0.0f;
  for (int c = 0; c < channels; c++) {
    for (int tap = 0; tap < taps; tap++) {
      int at = tap_index(pixel, tap, WINDOW);
      float value = at < 0 ? 0.0f : x[from + c * in_plane + at];
      sum = fma(factor(w, w_half, weight + c * taps + tap), value, sum);
    }
  }
  float rb = bias_axis == BIAS_ROW ? bias[bias_offset + o] : 0.0f;
  y[yo + i] = finished(sum, scale, bias_axis, rb, 0.0f, activation, alpha, beta);
}

kernel void max_pool(int planes, WINDOW_PARAMETERS,
    global const float *x, int xo, global float *y, int yo) {
  int out_plane = od * oh * ow;
  int i = get_global_id(0);
  if (i >= planes * out_plane) return;
  int from = xo + i / out_plane * (id * ih * iw);
  float greatest = -INFINITY;
  for (int tap = 0; tap < kd * kh * kw; tap++) {
    int at = tap_index(i % out_plane, tap, WINDOW);
    if (at >= 0) greatest = java_max(greatest, x[from + at]);
  }
  y[yo + i] = greatest;
}

// Taps of a window along one axis that lie before the end of the padded plane.
int taps_before(int start, int end, int taps, int dilation) {
  return min(taps, max(0, (end - start + dilation - 1) / dilation));
}

// ed, eh, ew: padding behind the last element; counted if include_pad is not 0
kernel void average_pool(int planes, WINDOW_PARAMETERS, int ed, int eh, int ew, int include_pad,
    global const float *x, int xo, global float *y, int yo) {
  int out_plane = od * oh * ow;
  int i = get_global_id(0);
  if (i >= planes * out_plane) return;
  int pixel = i % out_plane;
  int from = xo + i / out_plane * (id * ih * iw);
  float sum = 0.0f;
  int inside = 0;
  for (int tap = 0; tap < kd * kh * kw; tap++) {
    int at = tap_index(pixel, tap, WINDOW);
    if (at >= 0) {
      sum = sum + x[from + at];
      inside++;
    }
  }
  int padded = taps_before(pixel % ow * sw - pw, iw + ew, kw, dw)
      * taps_before(pixel / ow % oh * sh - ph, ih + eh, kh, dh)
      * taps_before(pixel / ow / oh * sd - pd, id + ed, kd, dd);
  y[yo + i] = sum / (float)(include_pad ? padded : inside);
}

// The element of the input plane that a tap spreads to an output pixel, or -1.
int spread_index(int pixel, int tap, WINDOW_PARAMETERS) {
  int x = pixel % ow + pw - tap % kw * dw;
  int y = pixel / ow % oh + ph - tap / kw % kh * dh;
  int z = pixel / ow / oh + pd - tap / kw / kh * dd;
  if (x < 0 || y < 0 || z < 0 || x % sw != 0 || y % sh != 0 || z % sd != 0) return -1;
  bool inside = x / sw < iw && y / sh < ih && z / sd < id;
  return inside ? (z / sd * ih + y / sh) * iw + x / sw : -1;
}

// The sum over the taps of dot products over the channels of a group; w[channel, output, tap].
kernel void convolution_transposed(
    int batch, int groups, int channels, int outputs, WINDOW_PARAMETERS,
    global const float *x, int xo, global const float *w, int wo, global float *y, int yo,
    int biased, global const float *bias, int bias_offset) {
  int taps = kd * kh * kw;
  int in_plane = id * ih * iw;
  int out_plane = od * oh * ow;
  int i = get_global_id(0);
  if (i >= batch * groups * outputs * out_plane) return;
  int o = i / out_plane % (groups * outputs);
  int block = i / out_plane / (groups * outputs) * groups + o / outputs;
  int weight = wo + o / outputs * channels * outputs * taps + o % outputs * taps;
  float sum = 0.0f;
  for (int tap = 0; tap < taps; tap++) {
    int at = spread_index(i % out_plane, tap, WINDOW);
    if (at >= 0) {
      int from = xo + block * channels * in_plane + at;
      float product = 0.0f;
      for (int c = 0; c < channels; c++) {
        product = fma(w[weight + c * outputs * taps + tap], x[from + c * in_plane], product);
      }
      sum = sum + product;
    }
  }
  y[yo + i] = biased ? sum + bias[bias_offset + o] : sum;
}
