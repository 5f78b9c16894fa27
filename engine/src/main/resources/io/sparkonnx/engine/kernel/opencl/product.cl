// Dot products: one chain of fma ascending in k from 0 per element, a tile of 64 by 64 per
// work-group, 4 by 4 per item, 16 steps of k at a time in local memory.
#define TILE 64
#define STEP 16
#define SIDE 16
#define PART 4

// What follows a dot product; an activation of UNARY_RELU, UNARY_CLIP or none.
float finished(float s, float scale, int bias_axis, float row_bias, float column_bias,
    int activation, float alpha, float beta) {
  s = scale == 1.0f ? s : s * scale;
  s = bias_axis == BIAS_ROW ? s + row_bias : bias_axis == BIAS_COLUMN ? s + column_bias : s;
  if (activation == UNARY_RELU) return s <= 0.0f ? 0.0f : s;
  return activation == UNARY_CLIP ? bounded(s, alpha, beta) : s;
}

void add_products(local const float *a, local const float *b, int steps, int row, int column,
    float *sums) {
  for (int p = 0; p < steps; p++) {
    for (int i = 0; i < PART; i++) {
      float x = a[p * TILE + row + i * SIDE];
      for (int j = 0; j < PART; j++) {
        sums[i * PART + j] = fma(x, b[p * TILE + column + j * SIDE], sums[i * PART + j]);
      }
    }
  }
}

// C[z, i, j] = finished(sum over p of A[z, i, p] B[z, p, j])
kernel __attribute__((reqd_work_group_size(SIDE, SIDE, 1))) void gemm(int m, int n, int k,
    global const float *a, int ao, int ar, int ac, int az,
    global const float *b, int bo, int br, int bc, int bz,
    global float *c, int co, int cr, int cz,
    float scale, int bias_axis, global const float *bias, int bias_offset,
    int activation, float alpha, float beta) {
  local float at[STEP * TILE];
  local float bt[STEP * TILE];
  int column = get_local_id(0);
  int row = get_local_id(1);
  int item = row * SIDE + column;
  int i0 = get_group_id(1) * TILE;
  int j0 = get_group_id(0) * TILE;
  int z = get_group_id(2);
  float sums[PART * PART];
  for (int i = 0; i < PART * PART; i++) sums[i] = 0.0f;
  for (int k0 = 0; k0 < k; k0 += STEP) {
    int steps = min(STEP, k - k0);
    for (int e = item; e < STEP * TILE; e += SIDE * SIDE) {
      int p = e / TILE;
      int at_row = i0 + e % TILE;
      int at_column = j0 + e % TILE;
      at[e] = p < steps && at_row < m ? a[ao + z * az + at_row * ar + (k0 + p) * ac] : 0.0f;
      bt[e] = p < steps && at_column < n ? b[bo + z * bz + (k0 + p) * br + at_column * bc] : 0.0f;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    add_products(at, bt, steps, row, column, sums);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  for (int i = 0; i < PART; i++) {
    for (int j = 0; j < PART; j++) {
      int r = i0 + row + i * SIDE;
      int q = j0 + column + j * SIDE;
      if (r < m && q < n) {
        float rb = bias_axis == BIAS_ROW ? bias[bias_offset + r] : 0.0f;
        float cb = bias_axis == BIAS_COLUMN ? bias[bias_offset + q] : 0.0f;
        c[co + z * cz + r * cr + q] =
            finished(sums[i * PART + j], scale, bias_axis, rb, cb, activation, alpha, beta);
      }
    }
  }
}
