package io.sparkonnx.engine.kernel.simd;

/** Reads and writes the nodes of {@link PackedTrees}. */
final class PackedNode {
  static final long LEAF = (long) Float.floatToRawIntBits(Float.POSITIVE_INFINITY) << Integer.SIZE;

  private PackedNode() {}

  /**
   * @param distance from the node to its first child, below 2^childBits
   */
  static long branch(float threshold, int column, int distance, int childBits) {
    long upper = (long) Float.floatToRawIntBits(threshold) << Integer.SIZE;
    return upper | (long) column << childBits | distance;
  }

  static float threshold(long node) {
    return Float.intBitsToFloat((int) (node >> Integer.SIZE));
  }

  static int column(long node, int childBits) {
    return (int) node >>> childBits;
  }

  /** Distance to the first child, 0 for a leaf. */
  static int distance(long node, int childBits) {
    return (int) (node & ((1L << childBits) - 1));
  }

  static boolean isLeaf(long node, int childBits) {
    return distance(node, childBits) == 0;
  }
}
