package io.sparkonnx.engine.kernel.simd;

import io.sparkonnx.engine.kernel.TreeEnsemble;
import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.kernel.TreeEnsemble.Mode;
import io.sparkonnx.engine.kernel.TreeKernel;
import java.util.Arrays;

/**
 * Trees with eight bytes a node, tree after tree in breadth-first order, siblings side by side.
 *
 * <p>A node is a long: in the upper half the threshold's key, in the lower the column it tests
 * above the distance to its first child, in {@code childBits} bits. A row goes to the first child
 * where its key is at most the threshold's, else to the second. Leaves have the greatest key and
 * distance 0, so that rows stay there.
 *
 * @param ensemble the trees as they came
 * @param nodes empty where only the scalar way is open
 * @param roots first node of each tree
 * @param depths branches on the longest path of each tree
 * @param childBits bits of a node's distance to its first child
 * @param leafOf number of the leaf that a node is
 * @param leafBegin first weight of each leaf; one element more than leaves
 * @param leafTarget output column of each weight
 * @param leafWeight weights
 * @param oneWeightPerLeaf whether there is one target and each leaf has exactly one weight
 */
record PackedTrees(
    TreeEnsemble ensemble,
    long[] nodes,
    int[] roots,
    int[] depths,
    int childBits,
    int[] leafOf,
    int[] leafBegin,
    int[] leafTarget,
    float[] leafWeight,
    boolean oneWeightPerLeaf)
    implements TreeKernel.Packed {

  static PackedTrees of(TreeEnsemble ensemble) {
    if (isOrdered(ensemble)) {
      int columnBits = Integer.SIZE - Integer.numberOfLeadingZeros(ensemble.features() | 1);
      Packing packing = new Packing(ensemble, Integer.SIZE - columnBits);
      if (packing.layAll()) {
        return packing.finish();
      }
    }
    int[] none = new int[0];
    return new PackedTrees(
        ensemble, new long[0], none, none, 0, none, none, none, new float[0], false);
  }

  private static boolean isOrdered(TreeEnsemble ensemble) {
    boolean ordered =
        ensemble.aggregation() == Aggregation.SUM || ensemble.aggregation() == Aggregation.AVERAGE;
    for (Mode mode : ensemble.mode()) {
      ordered &= mode != Mode.EQ && mode != Mode.NEQ;
    }
    return ordered;
  }

  boolean isFast() {
    return nodes.length > 0;
  }

  @Override
  public long bytes() {
    long own = 12L * nodes.length + 8L * roots.length + 4L * leafBegin.length;
    return own + 21L * ensemble.mode().length + 16L * ensemble.leafWeight().length;
  }

  /** An integer that orders like the float; −0 and +0 are one. */
  static int key(float value) {
    int bits = Float.floatToRawIntBits(value + 0f);
    return bits ^ ((bits >> 31) & 0x7FFFFFFF);
  }

  private static final class Packing {
    private final TreeEnsemble ensemble;
    private final int childBits;
    private final long[] nodes;
    private final int[] leafOf;
    private final int[] leafBegin;
    private final int[] leafTarget;
    private final float[] leafWeight;
    private final int[] roots;
    private final int[] depths;
    private final int[] queue;
    private int used;
    private int leaves;
    private int weights;
    private boolean oneWeightPerLeaf;

    Packing(TreeEnsemble ensemble, int childBits) {
      this.ensemble = ensemble;
      this.childBits = childBits;
      int count = ensemble.mode().length;
      nodes = new long[count];
      leafOf = new int[count];
      queue = new int[count];
      leafBegin = new int[count + 1];
      leafTarget = new int[ensemble.leafWeight().length];
      leafWeight = new float[ensemble.leafWeight().length];
      roots = new int[ensemble.roots().length];
      depths = new int[roots.length];
      oneWeightPerLeaf = ensemble.targets() == 1;
    }

    /** Whether every distance fits its bits. */
    boolean layAll() {
      for (int tree = 0; tree < roots.length; tree++) {
        roots[tree] = used;
        if (!lay(tree)) {
          return false;
        }
      }
      return true;
    }

    PackedTrees finish() {
      return new PackedTrees(
          ensemble,
          Arrays.copyOf(nodes, used),
          roots,
          depths,
          childBits,
          Arrays.copyOf(leafOf, used),
          Arrays.copyOf(leafBegin, leaves + 1),
          leafTarget,
          leafWeight,
          oneWeightPerLeaf);
    }

    private boolean lay(int tree) {
      queue[0] = ensemble.roots()[tree];
      int tail = 1;
      int levelEnd = 1;
      for (int head = 0; head < tail; head++) {
        if (head == levelEnd) {
          depths[tree]++;
          levelEnd = tail;
        }
        int node = queue[head];
        if (ensemble.mode()[node] == Mode.LEAF) {
          nodes[used + head] = (long) Integer.MAX_VALUE << Integer.SIZE;
          layLeaf(node, used + head);
        } else {
          Mode mode = ensemble.mode()[node];
          boolean swapped = mode == Mode.GT || mode == Mode.GTE;
          queue[tail] = swapped ? ensemble.no()[node] : ensemble.yes()[node];
          queue[tail + 1] = swapped ? ensemble.yes()[node] : ensemble.no()[node];
          long distance = tail - head;
          if (distance >>> childBits != 0) {
            return false;
          }
          long column = (long) ensemble.feature()[node] << childBits;
          long threshold = thresholdKey(mode, ensemble.threshold()[node]);
          nodes[used + head] = threshold << Integer.SIZE | column | distance;
          tail += 2;
        }
      }
      used += tail;
      return true;
    }

    private void layLeaf(int node, int at) {
      leafOf[at] = leaves;
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
}
