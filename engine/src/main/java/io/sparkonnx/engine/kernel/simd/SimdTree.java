package io.sparkonnx.engine.kernel.simd;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.TreeEnsemble;
import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.kernel.TreeEnsemble.Mode;
import io.sparkonnx.engine.kernel.TreeKernel;
import io.sparkonnx.engine.kernel.scalar.ScalarTree;

/**
 * Many rows walk one tree side by side, so that their loads overlap, and a tree stays in the
 * first-level cache while all rows of a block pass through it.
 *
 * <p>Features and thresholds become integers of the same order, so that a step has no branch: the
 * child is picked by the sign of a difference. Every comparison is turned into ≤, with the children
 * swapped where it must be. Leaves are their own children. Rows with NaN, and ensembles with
 * equality tests, minima or maxima, take the scalar way.
 */
public final class SimdTree implements TreeKernel {
  /**
   * Ints of a node: threshold key (leaf number for leaves), feature, child if ≤, child otherwise.
   */
  private static final int NODE = 4;

  /** Rows that walk side by side. */
  private static final int LANES = 16;

  /** Elements of a block's keys: half of a common second-level cache. */
  private static final int BLOCK_KEYS = 128 << 10;

  private static final int MAX_BLOCK_ROWS = 512;

  /**
   * @param nodes {@link #NODE} ints a node, tree after tree in breadth-first order; empty where
   *     only the scalar way is open
   * @param roots index into {@code nodes} of each root
   * @param leafBegin first weight of each leaf
   */
  private record PackedTrees(
      TreeEnsemble ensemble,
      int[] nodes,
      int[] roots,
      int[] leafBegin,
      int[] leafTarget,
      float[] leafWeight,
      boolean oneWeightPerLeaf)
      implements Packed {
    @Override
    public long bytes() {
      long own = 4L * (nodes.length + roots.length + leafBegin.length + 2L * leafTarget.length);
      return own + 21L * ensemble.mode().length + 8L * ensemble.leafWeight().length;
    }

    boolean isFast() {
      return nodes.length > 0;
    }
  }

  @Override
  public Packed pack(TreeEnsemble ensemble) {
    return isFast(ensemble)
        ? new Packing(ensemble).pack()
        : new PackedTrees(
            ensemble, new int[0], new int[0], new int[0], new int[0], new float[0], false);
  }

  private static boolean isFast(TreeEnsemble ensemble) {
    boolean sums =
        ensemble.aggregation() == Aggregation.SUM || ensemble.aggregation() == Aggregation.AVERAGE;
    boolean ordered = true;
    for (Mode mode : ensemble.mode()) {
      ordered &= mode != Mode.EQ && mode != Mode.NEQ;
    }
    return sums && ordered && ensemble.mode().length < Integer.MAX_VALUE / NODE;
  }

  /** An integer that orders like the float; −0 and +0 are one. */
  private static int key(float value) {
    int bits = Float.floatToRawIntBits(value + 0f);
    return bits ^ ((bits >> 31) & 0x7FFFFFFF);
  }

  private static final class Packing {
    private final TreeEnsemble ensemble;
    private final int[] nodes;
    private final int[] leafBegin;
    private final int[] leafTarget;
    private final float[] leafWeight;
    private int used;
    private int leaves;
    private int weights;
    private boolean oneWeightPerLeaf;

    Packing(TreeEnsemble ensemble) {
      this.ensemble = ensemble;
      this.nodes = new int[NODE * ensemble.mode().length];
      this.leafBegin = new int[ensemble.mode().length + 1];
      this.leafTarget = new int[ensemble.leafWeight().length];
      this.leafWeight = new float[ensemble.leafWeight().length];
      this.oneWeightPerLeaf = ensemble.targets() == 1;
    }

    PackedTrees pack() {
      int[] roots = new int[ensemble.roots().length];
      for (int tree = 0; tree < roots.length; tree++) {
        roots[tree] = used;
        lay(ensemble.roots()[tree]);
      }
      int[] begins = java.util.Arrays.copyOf(leafBegin, leaves + 1);
      return new PackedTrees(
          ensemble, nodes, roots, begins, leafTarget, leafWeight, oneWeightPerLeaf);
    }

    /** Lays out one tree level by level, siblings together. */
    private void lay(int root) {
      int[] queue = new int[ensemble.mode().length - used / NODE];
      queue[0] = root;
      int tail = 1;
      int first = used;
      for (int head = 0; head < tail; head++) {
        int node = queue[head];
        int at = first + NODE * head;
        if (ensemble.mode()[node] == Mode.LEAF) {
          layLeaf(node, at);
        } else {
          Mode mode = ensemble.mode()[node];
          boolean swapped = mode == Mode.GT || mode == Mode.GTE;
          queue[tail] = swapped ? ensemble.no()[node] : ensemble.yes()[node];
          queue[tail + 1] = swapped ? ensemble.yes()[node] : ensemble.no()[node];
          nodes[at] = thresholdKey(mode, ensemble.threshold()[node]);
          nodes[at + 1] = ensemble.feature()[node];
          nodes[at + 2] = first + NODE * tail;
          nodes[at + 3] = first + NODE * (tail + 1);
          tail += 2;
        }
      }
      used = first + NODE * tail;
    }

    private void layLeaf(int node, int at) {
      nodes[at] = leaves;
      nodes[at + 1] = 0;
      nodes[at + 2] = at;
      nodes[at + 3] = at;
      leafBegin[leaves++] = weights;
      int end = ensemble.leafBegin()[node + 1];
      int begin = ensemble.leafBegin()[node];
      oneWeightPerLeaf &= end - begin == 1;
      for (int entry = begin; entry < end; entry++) {
        leafTarget[weights] = ensemble.leafTarget()[entry];
        leafWeight[weights++] = ensemble.leafWeight()[entry];
      }
      leafBegin[leaves] = weights;
    }

    /** The key t for which the first child is taken exactly when key(x) ≤ t. */
    private static int thresholdKey(Mode mode, float threshold) {
      if (Float.isNaN(threshold)) {
        return mode == Mode.GT || mode == Mode.GTE ? Integer.MAX_VALUE : Integer.MIN_VALUE;
      }
      int key = key(threshold);
      return mode == Mode.LT || mode == Mode.GTE ? key - 1 : key;
    }
  }

  @Override
  public void run(
      Packed packed,
      int rows,
      float[] x,
      int xOffset,
      int xStride,
      boolean featureMajor,
      float[] y,
      int yOffset,
      Scratch scratch) {
    PackedTrees trees = (PackedTrees) packed;
    int features = Math.max(1, trees.ensemble().features());
    int targets = trees.ensemble().targets();
    int block = Math.max(LANES, Math.min(MAX_BLOCK_ROWS, BLOCK_KEYS / features));
    int[] keys = scratch.ints(block * features + block);
    for (int from = 0; from < rows; from += block) {
      int count = Math.min(block, rows - from);
      int first = featureMajor ? xOffset + from : xOffset + from * xStride;
      int rowStep = featureMajor ? 1 : xStride;
      int featureStep = featureMajor ? xStride : 1;
      int out = yOffset + from * targets;
      boolean clean =
          trees.isFast()
              && toKeys(x, first, rowStep, featureStep, count, features, keys, block * features);
      if (trees.isFast()) {
        java.util.Arrays.fill(y, out, out + count * targets, 0f);
        walkAll(trees, keys, features, count, y, out);
        finish(trees.ensemble(), y, out, count);
      }
      if (!clean) {
        float[] seen = scratch.floats(0, targets);
        for (int row = 0; row < count; row++) {
          if (!trees.isFast() || keys[block * features + row] != 0) {
            ScalarTree.score(
                trees.ensemble(),
                x,
                first + row * rowStep,
                featureStep,
                y,
                out + row * targets,
                seen);
          }
        }
      }
    }
  }

  /**
   * Fills {@code keys[count, features]}, and from {@code flags} on a mark for each row with a NaN.
   *
   * @return whether no row has one
   */
  private static boolean toKeys(
      float[] x,
      int first,
      int rowStep,
      int featureStep,
      int count,
      int features,
      int[] keys,
      int flags) {
    int any = 0;
    for (int row = 0; row < count; row++) {
      int from = first + row * rowStep;
      int to = row * features;
      int nan = 0;
      for (int feature = 0; feature < features; feature++) {
        float value = x[from + feature * featureStep];
        nan |= Float.isNaN(value) ? 1 : 0;
        keys[to + feature] = key(value);
      }
      keys[flags + row] = nan;
      any |= nan;
    }
    return any == 0;
  }

  private static void walkAll(
      PackedTrees trees, int[] keys, int features, int count, float[] y, int out) {
    int[] at = new int[LANES];
    for (int root : trees.roots()) {
      for (int row = 0; row < count; row += LANES) {
        int lanes = Math.min(LANES, count - row);
        walk(trees.nodes(), root, keys, row * features, features, lanes, at);
        if (trees.oneWeightPerLeaf()) {
          addOne(trees.nodes(), trees.leafWeight(), at, lanes, y, out + row);
        } else {
          add(trees, at, lanes, y, out + row * trees.ensemble().targets());
        }
      }
    }
  }

  /** Walks up to {@link #LANES} rows from a root to their leaves. */
  private static void walk(
      int[] nodes, int root, int[] keys, int first, int features, int lanes, int[] at) {
    for (int lane = 0; lane < lanes; lane++) {
      at[lane] = root;
    }
    int moved = 1;
    while (moved != 0) {
      moved = 0;
      for (int lane = 0, row = first; lane < lanes; lane++, row += features) {
        int node = at[lane];
        int key = keys[row + nodes[node + 1]];
        int other = (int) (((long) nodes[node] - key) >>> 63);
        int next = nodes[node + 2 + other];
        moved |= next ^ node;
        at[lane] = next;
      }
    }
  }

  private static void addOne(
      int[] nodes, float[] weights, int[] at, int lanes, float[] y, int out) {
    for (int lane = 0; lane < lanes; lane++) {
      y[out + lane] += weights[nodes[at[lane]]];
    }
  }

  private static void add(PackedTrees trees, int[] at, int lanes, float[] y, int out) {
    int targets = trees.ensemble().targets();
    for (int lane = 0; lane < lanes; lane++) {
      int leaf = trees.nodes()[at[lane]];
      int end = trees.leafBegin()[leaf + 1];
      for (int entry = trees.leafBegin()[leaf]; entry < end; entry++) {
        y[out + lane * targets + trees.leafTarget()[entry]] += trees.leafWeight()[entry];
      }
    }
  }

  private static void finish(TreeEnsemble ensemble, float[] y, int out, int count) {
    int targets = ensemble.targets();
    for (int i = 0; i < count * targets; i++) {
      float value = y[out + i];
      if (ensemble.aggregation() == Aggregation.AVERAGE) {
        value /= ensemble.roots().length;
      }
      y[out + i] =
          ensemble.baseValues() == null ? value : value + ensemble.baseValues()[i % targets];
    }
  }
}
