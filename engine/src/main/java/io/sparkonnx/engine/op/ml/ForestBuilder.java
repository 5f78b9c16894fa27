package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.TreeEnsemble.Mode;
import io.sparkonnx.engine.op.Attributes;
import java.util.Arrays;

/**
 * Lays out trees node by node from their roots, so that what is not reachable is left out, and
 * refuses nodes that are reached twice.
 */
final class ForestBuilder {
  /** Nodes as the file numbers them. */
  interface Source {
    /** Nodes are numbered from 0 to below this. */
    int nodes();

    /** At most how many comparisons and leaves there are together. */
    int capacity();

    /** The comparison of a branch; one with several thresholds is EQ. */
    Mode mode(int node);

    /** Column that a branch tests. */
    long feature(int node);

    /** Number of thresholds of a branch, which holds where it holds for one of them. */
    int thresholds(int node);

    double threshold(int node, int index);

    /** Node where the comparison holds, checked. */
    int yes(int node);

    int no(int node);

    boolean missingGoesYes(int node);

    /** First of the weights of a leaf, an index for {@link #target} and {@link #weight}. */
    int firstWeight(int node);

    /** Behind the last of the weights of a leaf. */
    int endWeight(int node);

    int target(int entry);

    double weight(int entry);

    /** How messages call the node. */
    String name(int node);
  }

  private final Attributes attributes;
  private final Source source;
  private final boolean[] seen;
  private final int[] stack;
  private final Mode[] mode;
  private final int[] feature;
  private final double[] threshold;
  private final int[] yes;
  private final int[] no;
  private final boolean[] missing;
  private final int[] leafBegin;
  private int[] leafTarget = new int[16];
  private double[] leafWeight = new double[16];
  private int used;
  private int weights;
  private int features;

  /**
   * @param attributes for messages
   */
  ForestBuilder(Attributes attributes, Source source) {
    this.attributes = attributes;
    this.source = source;
    int nodes = source.nodes();
    seen = new boolean[nodes];
    stack = new int[2 * nodes + 2];
    int capacity = source.capacity();
    mode = new Mode[capacity];
    feature = new int[capacity];
    threshold = new double[capacity];
    yes = new int[capacity];
    no = new int[capacity];
    missing = new boolean[capacity];
    leafBegin = new int[capacity + 1];
  }

  /** The trees with these roots, in this order. */
  Forest build(int[] rootNodes) {
    int[] roots = new int[rootNodes.length];
    for (int tree = 0; tree < roots.length; tree++) {
      roots[tree] = used;
      lay(rootNodes[tree]);
    }
    return new Forest(
        features,
        roots,
        Arrays.copyOf(mode, used),
        Arrays.copyOf(feature, used),
        Arrays.copyOf(threshold, used),
        Arrays.copyOf(yes, used),
        Arrays.copyOf(no, used),
        Arrays.copyOf(missing, used),
        Arrays.copyOf(leafBegin, used + 1),
        Arrays.copyOf(leafTarget, weights),
        Arrays.copyOf(leafWeight, weights));
  }

  /** Depth first, the yes side of a branch right behind it. */
  private void lay(int root) {
    int depth = 0;
    stack[depth++] = root;
    stack[depth++] = -1;
    while (depth > 0) {
      int parent = stack[--depth];
      int node = stack[--depth];
      if (seen[node]) {
        throw attributes.error(source.name(node) + " is reached twice");
      }
      seen[node] = true;
      if (parent >= 0) {
        no[parent] = used;
      }
      if (source.mode(node) == Mode.LEAF) {
        mode[used++] = Mode.LEAF;
        layWeights(node);
        leafBegin[used] = weights;
      } else {
        layBranch(node);
        stack[depth++] = source.no(node);
        stack[depth++] = used - 1;
        stack[depth++] = source.yes(node);
        stack[depth++] = -1;
      }
    }
  }

  /** One comparison after the other, with the yes side behind all of them. */
  private void layBranch(int node) {
    long column = source.feature(node);
    if (column < 0 || column >= Integer.MAX_VALUE) {
      throw attributes.error(source.name(node) + " tests feature " + column);
    }
    features = Math.max(features, (int) column + 1);
    int count = source.thresholds(node);
    int behind = used + count;
    for (int i = 0; i < count; i++) {
      mode[used] = source.mode(node);
      feature[used] = (int) column;
      threshold[used] = source.threshold(node, i);
      missing[used] = source.missingGoesYes(node);
      yes[used] = behind;
      no[used] = used + 1;
      used++;
      leafBegin[used] = weights;
    }
  }

  private void layWeights(int node) {
    for (int entry = source.firstWeight(node); entry < source.endWeight(node); entry++) {
      if (weights == leafTarget.length) {
        leafTarget = Arrays.copyOf(leafTarget, 2 * weights);
        leafWeight = Arrays.copyOf(leafWeight, 2 * weights);
      }
      leafTarget[weights] = source.target(entry);
      leafWeight[weights++] = source.weight(entry);
    }
  }
}
