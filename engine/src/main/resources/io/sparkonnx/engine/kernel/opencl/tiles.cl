// Dot products in tiles of TILE by TILE per work-group of SIDE by SIDE items, PART by PART per
// item, STEP steps of k at a time in local memory. A dot product is one chain of fma ascending in k
// from 0. Behind the last step the tiles hold -0 and 0, whose product -0 leaves every sum alone.
// TILE divides SIDE * SIDE.
#define PART (TILE / SIDE)
#define LINE (TILE + 4)
#define GROUP_OF_ITEMS __attribute__((reqd_work_group_size(SIDE, SIDE, 1)))
#define TILE_START \
  local float4 a4[STEP * LINE / 4]; \
  local float4 b4[STEP * LINE / 4]; \
  local float *at = (local float *)a4; \
  local float *bt = (local float *)b4; \
  int column = get_local_id(0); \
  int row = get_local_id(1); \
  int item = row * SIDE + column; \
  int i0 = get_group_id(1) * TILE; \
  int j0 = get_group_id(0) * TILE; \
  float sums[PART * PART]; \
  for (int i = 0; i < PART * PART; i++) sums[i] = 0.0f;

// Element (p, q) of a tile is x[from + p * along + q * across], for steps and lines, else filling.
// Items that follow each other read what follows each other. A factor may be of float16.
void NAMED(load)(local float *tile, int item, global const float *x, int halves, int from,
    int along, int across, int steps, int lines, float filling) {
  for (int e = item; e < STEP * TILE; e += SIDE * SIDE) {
    int p = along == 1 ? e % STEP : e / TILE;
    int q = along == 1 ? e / STEP : e % TILE;
    tile[p * LINE + q] =
        p < steps && q < lines ? factor(x, halves, from + p * along + q * across) : filling;
  }
}

void NAMED(add_products)(local const float4 *a, local const float4 *b, int row, int column,
    float *sums) {
  for (int p = 0; p < STEP; p++) {
    float x[PART];
    float y[PART];
    #pragma unroll
    for (int v = 0; v < PART / 4; v++) {
      vstore4(a[p * LINE / 4 + v * SIDE + row], v, x);
      vstore4(b[p * LINE / 4 + v * SIDE + column], v, y);
    }
    #pragma unroll
    for (int i = 0; i < PART; i++) {
      #pragma unroll
      for (int j = 0; j < PART; j++) sums[i * PART + j] = fma(x[i], y[j], sums[i * PART + j]);
    }
  }
}

// C[z, i, j] = finished(sum over p of A[z, i, p] B[z, p, j])
kernel GROUP_OF_ITEMS void NAMED(gemm)(int m, int n, int k,
    global const float *a, int ao, int a_half, int ar, int ac, int az,
    global const float *b, int bo, int b_half, int br, int bc, int bz,
    global float *c, int co, int cr, int cz,
    float scale, int bias_axis, global const float *bias, int bias_offset,
    int activation, float alpha, float beta) {
  TILE_START
  int z = get_group_id(2);
  for (int k0 = 0; k0 < k; k0 += STEP) {
    int a0 = ao + z * az + i0 * ar + k0 * ac;
    int b0 = bo + z * bz + k0 * br + j0 * bc;
    NAMED(load)(at, item, a, a_half, a0, ac, ar, k - k0, m - i0, -0.0f);
    NAMED(load)(bt, item, b, b_half, b0, br, bc, k - k0, n - j0, 0.0f);
    barrier(CLK_LOCAL_MEM_FENCE);
    NAMED(add_products)(a4, b4, row, column, sums);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  #pragma unroll
  for (int i = 0; i < PART; i++) {
    #pragma unroll
    for (int j = 0; j < PART; j++) {
      int r = i0 + PLACE(row, i);
      int q = j0 + PLACE(column, j);
      if (r < m && q < n) {
        float rb = bias_axis == BIAS_ROW ? bias[bias_offset + r] : 0.0f;
        float cb = bias_axis == BIAS_COLUMN ? bias[bias_offset + q] : 0.0f;
        c[co + z * cz + r * cr + q] =
            finished(sums[i * PART + j], scale, bias_axis, rb, cb, activation, alpha, beta);
      }
    }
  }
}

// Convolution as an implicit product: rows are the output channels of a group, columns the pixels
// of all images, k runs over (channel, tap).
kernel GROUP_OF_ITEMS void NAMED(convolution)(
    int batch, int groups, int channels, int outputs, WINDOW_PARAMETERS,
    global const float *x, int xo, global const float *w, int wo, int w_half,
    global float *y, int yo,
    float scale, int bias_axis, global const float *bias, int bias_offset,
    int activation, float alpha, float beta) {
  TILE_START
  int g = get_group_id(2);
  int taps = kd * kh * kw;
  int k = channels * taps;
  int in_plane = id * ih * iw;
  int out_plane = od * oh * ow;
  int n = batch * out_plane;
  int mine = j0 + item % TILE;
  int pixel = mine % out_plane;
  int image = xo + (mine / out_plane * groups + g) * channels * in_plane;
  for (int k0 = 0; k0 < k; k0 += STEP) {
    int w0 = wo + (g * outputs + i0) * k + k0;
    NAMED(load)(at, item, w, w_half, w0, 1, k, k - k0, outputs - i0, -0.0f);
    for (int e = item; e < STEP * TILE; e += SIDE * SIDE) {
      int p = e / TILE;
      float value = 0.0f;
      if (k0 + p < k && mine < n) {
        int from = tap_index(pixel, (k0 + p) % taps, WINDOW);
        value = from < 0 ? 0.0f : x[image + (k0 + p) / taps * in_plane + from];
      }
      bt[p * LINE + item % TILE] = value;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    NAMED(add_products)(a4, b4, row, column, sums);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  #pragma unroll
  for (int i = 0; i < PART; i++) {
    #pragma unroll
    for (int j = 0; j < PART; j++) {
      int r = i0 + PLACE(row, i);
      int q = j0 + PLACE(column, j);
      if (r < outputs && q < n) {
        int o = g * outputs + r;
        float rb = bias_axis == BIAS_ROW ? bias[bias_offset + o] : 0.0f;
        y[yo + (q / out_plane * groups * outputs + o) * out_plane + q % out_plane] =
            finished(sums[i * PART + j], scale, bias_axis, rb, 0.0f, activation, alpha, beta);
      }
    }
  }
}

#undef PART
#undef LINE
#undef GROUP_OF_ITEMS
#undef TILE_START
