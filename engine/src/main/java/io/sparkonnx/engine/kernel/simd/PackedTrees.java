package io.sparkonnx.engine.kernel.simd;

import io.sparkonnx.engine.kernel.TreeEnsemble;
import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.kernel.TreeEnsemble.Mode;
import io.sparkonnx.engine.kernel.TreeKernel;

/**
 * Trees with eight bytes a node, tree after tree in breadth-first order, siblings side by side.
 *
 * <p>A node is a long: in the upper half the bits of its threshold, in the lower the column it
 * tests above the distance to its first child, in {@code childBits} bits. A row goes to the first
 * child where its value is at most the threshold, else to the second. Leaves have the threshold ∞
 * and distance 0, so that rows stay there.
 *
 * @param ensemble the trees as they came
 * @param nodes empty where only the scalar way is open
 * @param childBits bits of a node's distance to its first child
 * @param tops the upper branches of all trees
 * @param hasExtremes whether a threshold is so great that an infinite value could meet it
 * @param weightOf weight of each node that is a leaf; null unless there is one target and each leaf
 *     has exactly one weight
 * @param leafOf number of the leaf that a node is; null where {@code weightOf} is there
 * @param leafBegin first weight of each leaf; one element more than leaves
 * @param leafTarget output column of each weight
 * @param leafWeight weights
 */
record PackedTrees(
    TreeEnsemble ensemble,
    long[] nodes,
    int childBits,
    TreeTops tops,
    boolean hasExtremes,
    float[] weightOf,
    int[] leafOf,
    int[] leafBegin,
    int[] leafTarget,
    float[] leafWeight)
    implements TreeKernel.Packed {

  /** Columns up to which the values of a group of rows are gathered. */
  private static final int MOST_FEATURES = 1 << 20;

  static PackedTrees of(TreeEnsemble ensemble) {
    if (isOrdered(ensemble) && ensemble.features() <= MOST_FEATURES) {
      int columnBits = Integer.SIZE - Integer.numberOfLeadingZeros(ensemble.features() | 1);
      TreePacking packing = new TreePacking(ensemble, Integer.SIZE - columnBits);
      if (packing.layAll()) {
        return packing.finish();
      }
    }
    return new PackedTrees(ensemble, new long[0], 0, null, false, null, null, null, null, null);
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
    long own = isFast() ? 12L * nodes.length + tops.bytes() + 4L * leafBegin.length : 0;
    return own + 21L * ensemble.mode().length + 16L * ensemble.leafWeight().length;
  }
}
