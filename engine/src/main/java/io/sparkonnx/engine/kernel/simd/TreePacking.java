package io.sparkonnx.engine.kernel.simd;

import io.sparkonnx.engine.kernel.TreeEnsemble;
import io.sparkonnx.engine.kernel.TreeEnsemble.Mode;
import java.util.Arrays;

/** Lays out {@link PackedTrees}. */
final class TreePacking {
  private final TreeEnsemble ensemble;
  private final int childBits;
  private final long[] nodes;
  private final int[] leafOf;
  private final int[] leafBegin;
  private final int[] leafTarget;
  private final float[] leafWeight;
  private final int[] queue;
  private final TreeTopsBuilder tops;
  private boolean hasExtremes;
  private int used;
  private int leaves;
  private int weights;
  private boolean oneWeightPerLeaf;

  TreePacking(TreeEnsemble ensemble, int childBits) {
    this.ensemble = ensemble;
    this.childBits = childBits;
    int count = ensemble.mode().length;
    nodes = new long[count];
    leafOf = new int[count];
    queue = new int[count];
    leafBegin = new int[count + 1];
    leafTarget = new int[ensemble.leafWeight().length];
    leafWeight = new float[ensemble.leafWeight().length];
    oneWeightPerLeaf = ensemble.targets() == 1;
    tops = new TreeTopsBuilder(ensemble.roots().length, nodes, childBits);
  }

  /** Whether every distance fits its bits. */
  boolean layAll() {
    for (int root : ensemble.roots()) {
      int first = used;
      if (!lay(root)) {
        return false;
      }
      tops.add(first, used);
    }
    return true;
  }

  PackedTrees finish() {
    return new PackedTrees(
        ensemble,
        Arrays.copyOf(nodes, used),
        childBits,
        tops.finish(),
        hasExtremes,
        oneWeightPerLeaf ? weightOf() : null,
        oneWeightPerLeaf ? null : Arrays.copyOf(leafOf, used),
        Arrays.copyOf(leafBegin, leaves + 1),
        leafTarget,
        leafWeight);
  }

  private float[] weightOf() {
    float[] weightOf = new float[used];
    for (int node = 0; node < used; node++) {
      if (PackedNode.isLeaf(nodes[node], childBits)) {
        weightOf[node] = leafWeight[leafOf[node]];
      }
    }
    return weightOf;
  }

  private boolean lay(int root) {
    queue[0] = root;
    int tail = 1;
    for (int head = 0; head < tail; head++) {
      int node = queue[head];
      Mode mode = ensemble.mode()[node];
      if (mode == Mode.LEAF) {
        nodes[used + head] = PackedNode.LEAF;
        layLeaf(node, used + head);
      } else {
        boolean swapped = mode == Mode.GT || mode == Mode.GTE;
        queue[tail] = swapped ? ensemble.no()[node] : ensemble.yes()[node];
        queue[tail + 1] = swapped ? ensemble.yes()[node] : ensemble.no()[node];
        if ((tail - head) >>> childBits != 0) {
          return false;
        }
        float threshold = threshold(mode, ensemble.threshold()[node]);
        hasExtremes |= Math.abs(threshold) >= Float.MAX_VALUE;
        int column = ensemble.feature()[node];
        nodes[used + head] = PackedNode.branch(threshold, column, tail - head, childBits);
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

  /** The t for which the first child is taken exactly when x ≤ t; never −0. */
  private static float threshold(Mode mode, float threshold) {
    boolean swapped = mode == Mode.GT || mode == Mode.GTE;
    if (Float.isNaN(threshold)) {
      return swapped ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
    }
    boolean open = mode == Mode.LT || mode == Mode.GTE;
    return (open ? Math.nextDown(threshold) : threshold) + 0f;
  }
}
