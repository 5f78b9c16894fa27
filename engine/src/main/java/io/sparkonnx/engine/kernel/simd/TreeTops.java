package io.sparkonnx.engine.kernel.simd;

import static io.sparkonnx.engine.kernel.simd.Lanes.COUNT;
import static io.sparkonnx.engine.kernel.simd.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The upper branches of every tree, tested for many rows at once and in any order, instead of one
 * after the other on a row's path. What is left of a tree below its top are at most {@value #EXITS}
 * exits, numbered from left to right. A branch that sends a row to its second child rules out the
 * exits under its first; the lowest exit that no branch rules out is the row's.
 *
 * <p>The idea of bit sets over leaves is that of QuickScorer (Lucchese et al., SIGIR 2015).
 *
 * @param begin first branch of each tree's top; one element more than trees
 * @param threshold of each branch, the first child being taken for x ≤ threshold; never NaN or −0
 * @param column that each branch tests
 * @param firstExits bit set of the exits under each branch's first child
 * @param exits nodes of the exits, {@value #EXITS} places for each tree
 * @param depthBelow for each tree, branches on the longest path below its top
 */
record TreeTops(
    int[] begin, float[] threshold, int[] column, int[] firstExits, int[] exits, int[] depthBelow) {
  /** Exits of a top: the bits of an int. */
  static final int EXITS = Integer.SIZE;

  /** Rows that are tested together. */
  static final int ROWS = 2 * COUNT;

  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());

  /** See {@link Lanes#SHAPE}. */
  private static final Class<? extends IntVector> SHAPE = IntVector.zero(INTS).getClass();

  long bytes() {
    return 4L * (begin.length + 3L * column.length + exits.length + depthBelow.length);
  }

  /**
   * Tests the branches of a tree's top.
   *
   * @param x finite values, that of row i in a column at {@code first + column·ROWS + i}
   * @param out receives the exits that are ruled out for each of {@link #ROWS} rows, from {@code
   *     to} on
   */
  void ruleOut(int tree, float[] x, int first, int[] out, int to) {
    ruleOut(begin[tree], begin[tree + 1], threshold, column, firstExits, x, first, out, to);
  }

  private static void ruleOut(
      int from,
      int end,
      float[] thresholds,
      int[] columns,
      int[] firstExits,
      float[] x,
      int first,
      int[] out,
      int to) {
    IntVector a = IntVector.zero(INTS);
    IntVector b = a;
    for (int branch = from; branch < end; branch++) {
      FloatVector threshold = FloatVector.broadcast(FLOATS, thresholds[branch]);
      IntVector exits = IntVector.broadcast(INTS, firstExits[branch]);
      int at = first + columns[branch] * ROWS;
      a = isGreater(x, at, threshold).and(exits).or(a);
      b = isGreater(x, at + COUNT, threshold).and(exits).or(b);
    }
    SHAPE.cast(a).intoArray(out, to);
    SHAPE.cast(b).intoArray(out, to + COUNT);
  }

  /** All bits set where a value is greater than the threshold: the sign of threshold − x. */
  private static IntVector isGreater(float[] x, int at, FloatVector threshold) {
    return threshold
        .sub(FloatVector.fromArray(FLOATS, x, at))
        .reinterpretAsInts()
        .lanewise(VectorOperators.ASHR, Integer.SIZE - 1);
  }

  /** Puts the rows' exits in the place of what is ruled out for them. */
  void exits(int tree, int[] rows, int from) {
    int base = tree * EXITS;
    for (int row = from; row < from + ROWS; row++) {
      rows[row] = exits[base + Integer.numberOfTrailingZeros(~rows[row])];
    }
  }
}
