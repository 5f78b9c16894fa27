package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.TreeEnsemble.Mode;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.tensor.Tensor;

/**
 * Trees as TreeEnsemble lists them: branches in parallel {@code nodes_*} attributes, leaves in
 * parallel {@code leaf_*} attributes, named by position. Leaves may be shared and are copied: the
 * nodes are the branches, then the ends of their yes sides, then those of their no sides.
 */
final class LeafLists implements ForestBuilder.Source {
  private static final int MEMBER = 6;

  private final int branches;
  private final double[] modes;
  private final long[] features;
  private final double[] splits;
  private final double[][] members;
  private final long[] missing;
  private final long[] yes;
  private final long[] no;
  private final long[] yesIsLeaf;
  private final long[] noIsLeaf;
  private final long[] leafTargets;
  private final double[] leafWeights;

  /** Reads the attributes of trees with {@code columns} targets. */
  static Forest read(Attributes attributes, int columns) {
    long[] roots = attributes.integers("tree_roots");
    if (roots == null || roots.length == 0) {
      throw attributes.error("tree_roots is empty");
    }
    LeafLists lists = new LeafLists(attributes, columns);
    int[] nodes = new int[roots.length];
    for (int tree = 0; tree < nodes.length; tree++) {
      if (roots[tree] < 0 || roots[tree] >= lists.branches) {
        throw attributes.error(
            "tree_roots has " + roots[tree] + " but there are " + lists.branches + " nodes");
      }
      nodes[tree] = (int) roots[tree];
    }
    return new ForestBuilder(attributes, lists).build(nodes);
  }

  private LeafLists(Attributes attributes, int columns) {
    NodeAttributes nodes = new NodeAttributes(attributes, "nodes_featureids");
    branches = nodes.count();
    if (branches > Integer.MAX_VALUE / 8) {
      throw attributes.error("there are " + branches + " nodes");
    }
    features = nodes.integers("nodes_featureids");
    modes = nodes.tensor("nodes_modes");
    splits = nodes.tensor("nodes_splits");
    yes = nodes.integers("nodes_truenodeids");
    no = nodes.integers("nodes_falsenodeids");
    yesIsLeaf = nodes.integers("nodes_trueleafs");
    noIsLeaf = nodes.integers("nodes_falseleafs");
    long[] tracks = attributes.integers("nodes_missing_value_tracks_true");
    missing =
        tracks == null || tracks.length == 0
            ? new long[branches]
            : nodes.integers("nodes_missing_value_tracks_true");
    NodeAttributes leaves = new NodeAttributes(attributes, "leaf_targetids");
    leafTargets = leaves.integers("leaf_targetids");
    leafWeights = leaves.tensor("leaf_weights");
    for (int leaf = 0; leaf < leafTargets.length; leaf++) {
      if (leafTargets[leaf] < 0 || leafTargets[leaf] >= columns) {
        throw attributes.error(
            "leaf " + leaf + " is for target " + leafTargets[leaf] + " of " + columns);
      }
    }
    for (int node = 0; node < branches; node++) {
      requireMode(attributes, node);
      requireChild(attributes, node, yes[node], yesIsLeaf[node] != 0);
      requireChild(attributes, node, no[node], noIsLeaf[node] != 0);
    }
    members = members(attributes);
  }

  private void requireMode(Attributes attributes, int node) {
    if (modes[node] < 0 || modes[node] > MEMBER) {
      throw attributes.error("node " + node + " has mode " + (long) modes[node]);
    }
  }

  private void requireChild(Attributes attributes, int node, long child, boolean isLeaf) {
    int count = isLeaf ? leafTargets.length : branches;
    if (child < 0 || child >= count) {
      throw attributes.error(
          "node " + node + " leads to " + (isLeaf ? "leaf " : "node ") + child + " of " + count);
    }
  }

  /** For each branch on membership its set; the sets are separated by NaN, in order. */
  private double[][] members(Attributes attributes) {
    Tensor tensor = attributes.tensor("membership_values");
    double[] values = tensor == null ? new double[0] : NodeAttributes.ofTensor(tensor);
    double[][] sets = new double[branches][];
    int at = 0;
    for (int node = 0; node < branches; node++) {
      if (modes[node] == MEMBER) {
        if (at >= values.length) {
          throw attributes.error("node " + node + " has no set in membership_values");
        }
        int end = at;
        while (end < values.length && !Double.isNaN(values[end])) {
          end++;
        }
        boolean empty = end == at;
        sets[node] =
            empty ? new double[] {Double.NaN} : java.util.Arrays.copyOfRange(values, at, end);
        at = end + 1;
      }
    }
    return sets;
  }

  @Override
  public int nodes() {
    return 3 * branches;
  }

  @Override
  public int capacity() {
    int capacity = 3 * branches;
    for (double[] set : members) {
      capacity += set == null ? 0 : set.length;
    }
    return capacity;
  }

  @Override
  public Mode mode(int node) {
    if (node >= branches) {
      return Mode.LEAF;
    }
    return switch ((int) modes[node]) {
      case 0 -> Mode.LEQ;
      case 1 -> Mode.LT;
      case 2 -> Mode.GTE;
      case 3 -> Mode.GT;
      case 5 -> Mode.NEQ;
      default -> Mode.EQ;
    };
  }

  @Override
  public long feature(int node) {
    return features[node];
  }

  @Override
  public int thresholds(int node) {
    return members[node] == null ? 1 : members[node].length;
  }

  @Override
  public double threshold(int node, int index) {
    return members[node] == null ? splits[node] : members[node][index];
  }

  @Override
  public int yes(int node) {
    return yesIsLeaf[node] != 0 ? branches + node : (int) yes[node];
  }

  @Override
  public int no(int node) {
    return noIsLeaf[node] != 0 ? 2 * branches + node : (int) no[node];
  }

  @Override
  public boolean missingGoesYes(int node) {
    return missing[node] != 0;
  }

  @Override
  public int firstWeight(int node) {
    return (int) (node < 2 * branches ? yes[node - branches] : no[node - 2 * branches]);
  }

  @Override
  public int endWeight(int node) {
    return firstWeight(node) + 1;
  }

  @Override
  public int target(int entry) {
    return (int) leafTargets[entry];
  }

  @Override
  public double weight(int entry) {
    return leafWeights[entry];
  }

  @Override
  public String name(int node) {
    return "node " + node;
  }
}
