package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.TreeEnsemble;
import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.kernel.TreeEnsemble.Mode;

/**
 * Decision trees as a model file describes them, checked: every node belongs to one tree and is
 * reached on one path. Arrays run over the nodes, each tree's in one piece.
 *
 * @param features number of columns that the trees need
 * @param roots node of each tree's root
 * @param mode comparison, or LEAF
 * @param feature column that a branch tests
 * @param threshold that it is compared with
 * @param yes node where the comparison holds
 * @param no node where it does not
 * @param missingGoesYes whether NaN counts as if it held
 * @param leafBegin first weight of each node; one element more than nodes
 * @param leafTarget output column of each weight
 * @param leafWeight weights
 */
record Forest(
    int features,
    int[] roots,
    Mode[] mode,
    int[] feature,
    double[] threshold,
    int[] yes,
    int[] no,
    boolean[] missingGoesYes,
    int[] leafBegin,
    int[] leafTarget,
    double[] leafWeight) {

  /** The same trees with float thresholds and weights, for a kernel. */
  TreeEnsemble ensemble(int targets, Aggregation aggregation, double[] baseValues) {
    return new TreeEnsemble(
        features,
        targets,
        roots,
        mode,
        feature,
        floats(threshold),
        yes,
        no,
        missingGoesYes,
        leafBegin,
        leafTarget,
        floats(leafWeight),
        aggregation,
        baseValues == null ? null : floats(baseValues));
  }

  /** All weights given to column 0. */
  Forest withSingleTarget() {
    return new Forest(
        features,
        roots,
        mode,
        feature,
        threshold,
        yes,
        no,
        missingGoesYes,
        leafBegin,
        new int[leafTarget.length],
        leafWeight);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** For each target, whether every row gets a weight for it: all leaves of some tree have one. */
  boolean[] alwaysVoted(int targets) {
    boolean[] always = new boolean[targets];
    for (int tree = 0; tree < roots.length; tree++) {
      int end = tree + 1 < roots.length ? roots[tree + 1] : mode.length;
      int leaves = 0;
      int[] votes = new int[targets];
      int[] lastLeaf = new int[targets];
      for (int node = roots[tree]; node < end; node++) {
        leaves += mode[node] == Mode.LEAF ? 1 : 0;
        for (int entry = leafBegin[node]; entry < leafBegin[node + 1]; entry++) {
          int target = leafTarget[entry];
          votes[target] += lastLeaf[target] == leaves ? 0 : 1;
          lastLeaf[target] = leaves;
        }
      }
      for (int target = 0; target < targets; target++) {
        always[target] |= votes[target] == leaves;
      }
    }
    return always;
  }
}
