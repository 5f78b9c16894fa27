// Attention: a work-group computes QUERIES rows of one layer, whose scores stay in local memory.
// Every dot product is one chain of fma ascending from 0, and the softmax is that of rows.cl.
#define ITEMS (PARTIALS * ROWS)

// A stage between scores and softmax: binary function f of the score and t, or one of both by a
// test, or none.
#define NO_STAGE (-1)
#define CHOICE (-2)
#define STAGE(f, turned, t, o, t0, t1, t2, t3) int f, int turned, global const float *t, int o, \
    int t0, int t1, int t2, int t3
#define STAGED(f, turned, s, t) (f == NO_STAGE ? (s) : f == CHOICE ? (test != turned ? (s) : (t)) \
    : turned ? binary(f, t, s) : binary(f, s, t))
#define OPERAND(t, o, t0, t1, t2, t3, r, c) \
    t[o + z / inner * t0 + z % inner * t1 + (first + r) * t2 + (c) * t3]

kernel ROW_GROUP void TILED(attention, QUERIES)(int m, int n, int k, int d, int inner,
    global const float *q, int qo, global const float *kt, int ko, global const float *v, int vo,
    STAGE(f, f_turned, a, ao, a0, a1, a2, a3), STAGE(g, g_turned, b, bo, b0, b1, b2, b3),
    int tested, global const uchar *u, int uo, int u0, int u1, int u2, int u3,
    global float *y, int yo, local float *queries, local float *scores) {
  local float all[ROWS * PARTIALS];
  local float *p = all + get_local_id(1) * PARTIALS;
  int j = get_local_id(0);
  int item = get_local_id(1) * PARTIALS + j;
  int z = get_group_id(1);
  int first = get_group_id(0) * QUERIES;
  int count = min(QUERIES, m - first);
  for (int e = item; e < k * QUERIES; e += ITEMS) {
    int r = e % QUERIES;
    queries[e] = r < count ? q[qo + (z * m + first + r) * k + e / QUERIES] : 0.0f;
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  float s[QUERIES];
  for (int c = item; c < n; c += ITEMS) {
    #pragma unroll
    for (int r = 0; r < QUERIES; r++) s[r] = 0.0f;
    for (int i = 0; i < k; i++) {
      float e = kt[ko + (z * k + i) * n + c];
      #pragma unroll
      for (int r = 0; r < QUERIES; r++) s[r] = fma(queries[i * QUERIES + r], e, s[r]);
    }
    #pragma unroll
    for (int r = 0; r < QUERIES; r++) {
      float score = s[r];
      if (r < count) {
        int test = tested && OPERAND(u, uo, u0, u1, u2, u3, r, c);
        score = STAGED(f, f_turned, score, OPERAND(a, ao, a0, a1, a2, a3, r, c));
        score = STAGED(g, g_turned, score, OPERAND(b, bo, b0, b1, b2, b3, r, c));
      }
      scores[c * QUERIES + r] = score;
    }
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int r = get_local_id(1); r < QUERIES; r += ROWS) {
    float greatest = neutral(REDUCE_MAX);
    for (int c = j; c < n; c += PARTIALS) greatest = java_max(greatest, scores[c * QUERIES + r]);
    greatest = tree(REDUCE_MAX, greatest, p);
    float sum = 0.0f;
    for (int c = j; c < n; c += PARTIALS) {
      float e = exp_of(scores[c * QUERIES + r] - greatest);
      scores[c * QUERIES + r] = e;
      sum = sum + e;
    }
    sum = tree(REDUCE_SUM, sum, p);
    for (int c = j; c < n; c += PARTIALS) scores[c * QUERIES + r] = scores[c * QUERIES + r] / sum;
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int c = item; c < d; c += ITEMS) {
    #pragma unroll
    for (int r = 0; r < QUERIES; r++) s[r] = 0.0f;
    for (int i = 0; i < n; i++) {
      float e = v[vo + (z * n + i) * d + c];
      #pragma unroll
      for (int r = 0; r < QUERIES; r++) s[r] = fma(scores[i * QUERIES + r], e, s[r]);
    }
    #pragma unroll
    for (int r = 0; r < QUERIES; r++) {
      if (r < count) y[yo + (z * m + first + r) * d + c] = s[r];
    }
  }
}
