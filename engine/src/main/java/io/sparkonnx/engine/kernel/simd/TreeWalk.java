package io.sparkonnx.engine.kernel.simd;

/** Eight rows walk one tree side by side, so that their loads overlap. */
final class TreeWalk {
  /** Rows side by side. */
  static final int LANES = 8;

  /** Steps between two looks whether all rows have arrived. */
  private static final int STRIDE = 4;

  private TreeWalk() {}

  /**
   * Walks down to leaves.
   *
   * @param nodes see {@link PackedTrees}
   * @param depth branches on the longest path
   * @param shift bits below a node's column
   * @param x finite values, that of lane i in a column at {@code first + column·ROWS + i}
   * @param at where the rows are, from index {@code out}; receives the leaves
   */
  static void walk(long[] nodes, int depth, int shift, float[] x, int first, int[] at, int out) {
    int mask = (int) ((1L << shift) - 1);
    int n0 = at[out];
    int n1 = at[out + 1];
    int n2 = at[out + 2];
    int n3 = at[out + 3];
    int n4 = at[out + 4];
    int n5 = at[out + 5];
    int n6 = at[out + 6];
    int n7 = at[out + 7];
    int left = depth;
    while (left > STRIDE) {
      int before = n0 + n1 + n2 + n3 + n4 + n5 + n6 + n7;
      for (int step = 0; step < STRIDE; step++) {
        n0 = next(nodes, n0, shift, mask, x, first);
        n1 = next(nodes, n1, shift, mask, x, first + 1);
        n2 = next(nodes, n2, shift, mask, x, first + 2);
        n3 = next(nodes, n3, shift, mask, x, first + 3);
        n4 = next(nodes, n4, shift, mask, x, first + 4);
        n5 = next(nodes, n5, shift, mask, x, first + 5);
        n6 = next(nodes, n6, shift, mask, x, first + 6);
        n7 = next(nodes, n7, shift, mask, x, first + 7);
      }
      left -= STRIDE;
      // Children lie behind their parents: an unchanged sum means that every row has arrived.
      if (n0 + n1 + n2 + n3 + n4 + n5 + n6 + n7 == before) {
        left = 0;
      }
    }
    for (; left > 0; left--) {
      n0 = next(nodes, n0, shift, mask, x, first);
      n1 = next(nodes, n1, shift, mask, x, first + 1);
      n2 = next(nodes, n2, shift, mask, x, first + 2);
      n3 = next(nodes, n3, shift, mask, x, first + 3);
      n4 = next(nodes, n4, shift, mask, x, first + 4);
      n5 = next(nodes, n5, shift, mask, x, first + 5);
      n6 = next(nodes, n6, shift, mask, x, first + 6);
      n7 = next(nodes, n7, shift, mask, x, first + 7);
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
  private static int next(long[] nodes, int at, int shift, int mask, float[] x, int lane) {
    long node = nodes[at];
    int low = (int) node;
    float difference =
        Float.intBitsToFloat((int) (node >> Integer.SIZE))
            - x[lane + (low >>> shift) * TreeTops.ROWS];
    return at + (low & mask) + (Float.floatToRawIntBits(difference) >>> (Integer.SIZE - 1));
  }
}
