// Trees: a node is the bits of (threshold, 16 column + 8 missing + mode, yes, no); a leaf has
// the range of its weights in the last two. A weight is (bits of its target, weight).
#define TREE_MODE 7
#define TREE_MISSING 8
#define TREE_COLUMN_SHIFT 4

bool tree_holds(int mode, float value, float threshold) {
  switch (mode) {
    case TREE_LEQ: return value <= threshold;
    case TREE_LT: return value < threshold;
    case TREE_GTE: return value >= threshold;
    case TREE_GT: return value > threshold;
    case TREE_EQ: return value == threshold;
    default: return value != threshold;
  }
}

// The range of the weights of the leaf that a row reaches.
int2 tree_leaf(int root, global const float *nodes, global const float *x, int column_step) {
  float4 node = vload4(root, nodes);
  int code = as_int(node.y);
  while ((code & TREE_MODE) != TREE_LEAF) {
    float value = x[(code >> TREE_COLUMN_SHIFT) * column_step];
    bool yes = tree_holds(code & TREE_MODE, value, node.x)
        || (isnan(value) && (code & TREE_MISSING) != 0);
    node = vload4(yes ? as_int(node.z) : as_int(node.w), nodes);
    code = as_int(node.y);
  }
  return (int2)(as_int(node.z), as_int(node.w));
}

float tree_joined(int aggregation, bool first, float sum, float weight) {
  switch (aggregation) {
    case TREES_MIN: return first ? weight : java_min(sum, weight);
    case TREES_MAX: return first ? weight : java_max(sum, weight);
    default: return sum + weight;
  }
}

float tree_finished(int aggregation, int trees, float sum, bool based, float base) {
  float value = aggregation == TREES_AVERAGE ? sum / (float)trees : sum;
  return based ? value + base : value;
}

// y[row, target]: an item per row. seen[row, target] is used for minima and maxima alone.
kernel void tree_scores(int rows, int targets, int trees, int aggregation,
    global const float *x, int xo, int row_step, int column_step,
    global const float *packed, int po, int roots, int weights, int based, int bases,
    global float *y, int yo, global float *seen, int so) {
  int row = get_global_id(0);
  if (row >= rows) return;
  global const float *values = x + xo + row * row_step;
  global const float *nodes = packed + po;
  global const float *entries = nodes + weights;
  if (targets == 1) {
    float sum = 0.0f;
    bool first = true;
    for (int tree = 0; tree < trees; tree++) {
      int2 range = tree_leaf(as_int(nodes[roots + tree]), nodes, values, column_step);
      for (int entry = range.x; entry < range.y; entry++) {
        sum = tree_joined(aggregation, first, sum, entries[2 * entry + 1]);
        first = false;
      }
    }
    y[yo + row] = tree_finished(aggregation, trees, sum, based, based ? nodes[bases] : 0.0f);
    return;
  }
  bool extreme = aggregation == TREES_MIN || aggregation == TREES_MAX;
  global float *sums = y + yo + row * targets;
  global float *marks = seen + so + row * targets;
  for (int target = 0; target < targets; target++) {
    sums[target] = 0.0f;
    if (extreme) marks[target] = 0.0f;
  }
  for (int tree = 0; tree < trees; tree++) {
    int2 range = tree_leaf(as_int(nodes[roots + tree]), nodes, values, column_step);
    for (int entry = range.x; entry < range.y; entry++) {
      int target = as_int(entries[2 * entry]);
      bool first = extreme && marks[target] == 0.0f;
      sums[target] = tree_joined(aggregation, first, sums[target], entries[2 * entry + 1]);
      if (extreme) marks[target] = 1.0f;
    }
  }
  for (int target = 0; target < targets; target++) {
    float base = based ? nodes[bases + target] : 0.0f;
    sums[target] = tree_finished(aggregation, trees, sums[target], based, base);
  }
}
