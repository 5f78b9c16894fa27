package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.TreeEnsemble.Mode;
import io.sparkonnx.engine.op.Attributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trees as TreeEnsembleClassifier and TreeEnsembleRegressor list them: parallel {@code nodes_*}
 * attributes, nodes named by tree and node id, and parallel lists of weights for leaves.
 */
final class NodeLists implements ForestBuilder.Source {
  private record NodeId(long tree, long node) {
    @Override
    public String toString() {
      return "node " + node + " of tree " + tree;
    }
  }

  private final NodeId[] ids;
  private final Mode[] modes;
  private final long[] features;
  private final double[] thresholds;
  private final int[] yes;
  private final int[] no;
  private final long[] missing;
  private final int[] roots;
  private final int[] weightBegin;
  private final int[] targets;
  private final double[] weights;

  /**
   * Reads the attributes.
   *
   * @param prefix of the weights' attributes: {@code class} or {@code target}
   * @param columns number of targets
   */
  static Forest read(Attributes attributes, String prefix, int columns) {
    NodeLists lists = new NodeLists(attributes, prefix, columns);
    return new ForestBuilder(attributes, lists).build(lists.roots);
  }

  private NodeLists(Attributes attributes, String prefix, int columns) {
    NodeAttributes nodes = new NodeAttributes(attributes, "nodes_nodeids");
    int count = nodes.count();
    long[] trees = nodes.integers("nodes_treeids");
    long[] names = nodes.integers("nodes_nodeids");
    features = nodes.integers("nodes_featureids");
    thresholds = nodes.reals("nodes_values");
    modes = modes(attributes, nodes.strings("nodes_modes"));
    long[] none = attributes.integers("nodes_missing_value_tracks_true");
    missing =
        none == null || none.length == 0
            ? new long[count]
            : nodes.integers("nodes_missing_value_tracks_true");
    ids = new NodeId[count];
    Map<NodeId, Integer> index = new HashMap<>();
    for (int i = 0; i < count; i++) {
      ids[i] = new NodeId(trees[i], names[i]);
      if (index.put(ids[i], i) != null) {
        throw attributes.error(ids[i] + " is listed twice");
      }
    }
    yes = children(attributes, index, nodes.integers("nodes_truenodeids"));
    no = children(attributes, index, nodes.integers("nodes_falsenodeids"));
    roots = roots(attributes);

    NodeAttributes lists = new NodeAttributes(attributes, prefix + "_nodeids");
    long[] weightTrees = lists.integers(prefix + "_treeids");
    long[] weightNodes = lists.integers(prefix + "_nodeids");
    long[] weightTargets = lists.integers(prefix + "_ids");
    double[] unordered = lists.reals(prefix + "_weights");
    int[] owner = new int[lists.count()];
    weightBegin = new int[count + 1];
    for (int i = 0; i < owner.length; i++) {
      NodeId id = new NodeId(weightTrees[i], weightNodes[i]);
      Integer node = index.get(id);
      if (node == null) {
        throw attributes.error(prefix + " weight " + i + " is for " + id + ", which is not listed");
      }
      if (weightTargets[i] < 0 || weightTargets[i] >= columns) {
        throw attributes.error(
            String.format(
                java.util.Locale.ROOT,
                "%s weight %d is for target %d of %d",
                prefix,
                i,
                weightTargets[i],
                columns));
      }
      owner[i] = node;
      weightBegin[node + 1]++;
    }
    for (int node = 0; node < count; node++) {
      weightBegin[node + 1] += weightBegin[node];
    }
    int[] next = weightBegin.clone();
    targets = new int[owner.length];
    weights = new double[owner.length];
    for (int i = 0; i < owner.length; i++) {
      int at = next[owner[i]]++;
      targets[at] = (int) weightTargets[i];
      weights[at] = unordered[i];
    }
  }

  private static Mode[] modes(Attributes attributes, List<String> names) {
    Mode[] modes = new Mode[names.size()];
    for (int i = 0; i < modes.length; i++) {
      modes[i] =
          switch (names.get(i)) {
            case "LEAF" -> Mode.LEAF;
            case "BRANCH_LEQ" -> Mode.LEQ;
            case "BRANCH_LT" -> Mode.LT;
            case "BRANCH_GTE" -> Mode.GTE;
            case "BRANCH_GT" -> Mode.GT;
            case "BRANCH_EQ" -> Mode.EQ;
            case "BRANCH_NEQ" -> Mode.NEQ;
            default -> throw attributes.error("nodes_modes has '" + names.get(i) + "'");
          };
    }
    return modes;
  }

  /** Index of each branch's child. */
  private int[] children(Attributes attributes, Map<NodeId, Integer> index, long[] names) {
    int[] children = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      if (modes[i] != Mode.LEAF) {
        NodeId id = new NodeId(ids[i].tree(), names[i]);
        Integer child = index.get(id);
        if (child == null) {
          throw attributes.error(ids[i] + " leads to " + id + ", which is not listed");
        }
        children[i] = child;
      }
    }
    return children;
  }

  /** For each tree, in the order of their first nodes, the first node that is nobody's child. */
  private int[] roots(Attributes attributes) {
    boolean[] isChild = new boolean[ids.length];
    for (int i = 0; i < ids.length; i++) {
      if (modes[i] != Mode.LEAF) {
        isChild[yes[i]] = true;
        isChild[no[i]] = true;
      }
    }
    Map<Long, Integer> found = new LinkedHashMap<>();
    for (int i = 0; i < ids.length; i++) {
      Integer known = found.putIfAbsent(ids[i].tree(), isChild[i] ? -1 : i);
      if (known != null && known < 0 && !isChild[i]) {
        found.put(ids[i].tree(), i);
      }
    }
    List<Integer> roots = new ArrayList<>();
    found.forEach(
        (tree, root) -> {
          if (root < 0) {
            throw attributes.error("tree " + tree + " has no root: its nodes form a cycle");
          }
          roots.add(root);
        });
    return roots.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public int nodes() {
    return ids.length;
  }

  @Override
  public int capacity() {
    return ids.length;
  }

  @Override
  public Mode mode(int node) {
    return modes[node];
  }

  @Override
  public long feature(int node) {
    return features[node];
  }

  @Override
  public int thresholds(int node) {
    return 1;
  }

  @Override
  public double threshold(int node, int number) {
    return thresholds[node];
  }

  @Override
  public int yes(int node) {
    return yes[node];
  }

  @Override
  public int no(int node) {
    return no[node];
  }

  @Override
  public boolean missingGoesYes(int node) {
    return missing[node] != 0;
  }

  @Override
  public int firstWeight(int node) {
    return weightBegin[node];
  }

  @Override
  public int endWeight(int node) {
    return weightBegin[node + 1];
  }

  @Override
  public int target(int entry) {
    return targets[entry];
  }

  @Override
  public double weight(int entry) {
    return weights[entry];
  }

  @Override
  public String name(int node) {
    return ids[node].toString();
  }
}
