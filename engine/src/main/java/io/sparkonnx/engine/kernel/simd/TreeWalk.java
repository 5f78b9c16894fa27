package io.sparkonnx.engine.kernel.simd;

/** Eight rows walk one tree side by side, so that their loads overlap. */
final class TreeWalk {
  /** Rows side by side. */
  static final int LANES = 8;

  /** Steps between two looks whether all rows have arrived. */
  private static final int STRIDE = 4;

  private TreeWalk() {}

  /**
   * Walks from {@code root} to leaves.
   *
   * @param nodes see {@link PackedTrees}
   * @param depth branches on the longest path
   * @param shift bits below a node's column
   * @param keys the key of lane i in a column at {@code first + column·LANES + i}
   * @param at receives the leaves from index {@code out}
   */
  static void walk(
      long[] nodes, int root, int depth, int shift, int[] keys, int first, int[] at, int out) {
    int mask = (int) ((1L << shift) - 1);
    int n0 = root;
    int n1 = root;
    int n2 = root;
    int n3 = root;
    int n4 = root;
    int n5 = root;
    int n6 = root;
    int n7 = root;
    for (int left = depth; left > 0; left -= STRIDE) {
      int before = n0 + n1 + n2 + n3 + n4 + n5 + n6 + n7;
      for (int step = Math.min(left, STRIDE); step > 0; step--) {
        n0 = next(nodes, n0, shift, mask, keys, first);
        n1 = next(nodes, n1, shift, mask, keys, first + 1);
        n2 = next(nodes, n2, shift, mask, keys, first + 2);
        n3 = next(nodes, n3, shift, mask, keys, first + 3);
        n4 = next(nodes, n4, shift, mask, keys, first + 4);
        n5 = next(nodes, n5, shift, mask, keys, first + 5);
        n6 = next(nodes, n6, shift, mask, keys, first + 6);
        n7 = next(nodes, n7, shift, mask, keys, first + 7);
      }
      // Children lie behind their parents: an unchanged sum means that every row has arrived.
      if (n0 + n1 + n2 + n3 + n4 + n5 + n6 + n7 == before) {
        break;
      }
    }
    at[out] = n0;
    at[out + 1] = n1;
    at[out + 2] = n2;
    at[out + 3] = n3;
    at[out + 4] = n4;
    at[out + 5] = n5;
    at[out + 6] = n6;
    at[out + 7] = n7;
  }

  /** The child that a row goes to, or the leaf where it is. */
  private static int next(long[] nodes, int at, int shift, int mask, int[] keys, int lane) {
    long node = nodes[at];
    int low = (int) node;
    int key = keys[lane + (low >>> shift) * LANES];
    int second = (int) (((node >> Integer.SIZE) - key) >>> (Long.SIZE - 1));
    return at + (low & mask) + second;
  }
}
