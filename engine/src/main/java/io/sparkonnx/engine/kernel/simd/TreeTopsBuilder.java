package io.sparkonnx.engine.kernel.simd;

import java.util.Arrays;

/** Chooses the {@link TreeTops} of packed trees: the branches that come first in breadth. */
final class TreeTopsBuilder {
  private static final int EXITS = TreeTops.EXITS;

  private final long[] nodes;
  private final int childBits;
  private final int[] begin;
  private final int[] exits;
  private final int[] depthBelow;
  private float[] threshold;
  private int[] column;
  private int[] firstExits;
  private int trees;
  private int branches;
  private int exitsOfTree;

  /**
   * @param nodes filled before {@link #add} is called
   */
  TreeTopsBuilder(int trees, long[] nodes, int childBits) {
    this.nodes = nodes;
    this.childBits = childBits;
    begin = new int[trees + 1];
    exits = new int[trees * EXITS];
    depthBelow = new int[trees];
    int most = Math.min(trees * (EXITS - 1), nodes.length / 2);
    threshold = new float[most];
    column = new int[most];
    firstExits = new int[most];
  }

  /** Adds the next tree, whose nodes are those from {@code root} to before {@code end}. */
  void add(int root, int end) {
    exitsOfTree = 0;
    lay(root, lastBranch(root, end));
    depthBelow[trees] = depth(root, end);
    begin[++trees] = branches;
  }

  TreeTops finish() {
    threshold = Arrays.copyOf(threshold, branches);
    column = Arrays.copyOf(column, branches);
    firstExits = Arrays.copyOf(firstExits, branches);
    return new TreeTops(begin, threshold, column, firstExits, exits, depthBelow);
  }

  private int distance(int node) {
    return PackedNode.distance(nodes[node], childBits);
  }

  /** The last branch that is still in the top, or −1. */
  private int lastBranch(int root, int end) {
    int last = -1;
    int count = 0;
    for (int node = root; node < end && count < EXITS - 1; node++) {
      if (distance(node) > 0) {
        last = node;
        count++;
      }
    }
    return last;
  }

  /**
   * Lays the part of the top under a node.
   *
   * @return bit set of its exits
   */
  private int lay(int node, int lastBranch) {
    int distance = distance(node);
    if (distance == 0 || node > lastBranch) {
      exits[trees * EXITS + exitsOfTree] = node;
      return 1 << exitsOfTree++;
    }
    int branch = branches++;
    threshold[branch] = PackedNode.threshold(nodes[node]);
    column[branch] = PackedNode.column(nodes[node], childBits);
    int first = lay(node + distance, lastBranch);
    firstExits[branch] = first;
    return first | lay(node + distance + 1, lastBranch);
  }

  /** Branches on the longest path from an exit down. */
  private int depth(int root, int end) {
    int[] height = new int[end - root];
    for (int node = end - 1; node >= root; node--) {
      int distance = distance(node);
      if (distance > 0) {
        int child = node - root + distance;
        height[node - root] = 1 + Math.max(height[child], height[child + 1]);
      }
    }
    int deepest = 0;
    for (int exit = 0; exit < exitsOfTree; exit++) {
      deepest = Math.max(deepest, height[exits[trees * EXITS + exit] - root]);
    }
    return deepest;
  }
}
