// What follows a dot product; an activation of UNARY_RELU, UNARY_CLIP or none.
float finished(float s, float scale, int bias_axis, float row_bias, float column_bias,
    int activation, float alpha, float beta) {
  s = scale == 1.0f ? s : s * scale;
  s = bias_axis == BIAS_ROW ? s + row_bias : bias_axis == BIAS_COLUMN ? s + column_bias : s;
  if (activation == UNARY_RELU) return s <= 0.0f ? 0.0f : s;
  return activation == UNARY_CLIP ? bounded(s, alpha, beta) : s;
}

// Element i of a factor, whose elements may be float16.
float factor(global const float *x, int halves, int i) {
  return halves ? vload_half(i, (global const half *)x) : x[i];
}

#define JOINED(name, tile) name##_##tile
#define TILED(name, tile) JOINED(name, tile)
#define NAMED(name) TILED(name, TILE)

// An item's rows and columns come in fours, SIDE fours apart.
#define PLACE(item, i) ((i) / 4 * 4 * SIDE + (item) * 4 + (i) % 4)
