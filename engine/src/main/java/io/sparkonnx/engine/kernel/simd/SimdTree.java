package io.sparkonnx.engine.kernel.simd;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.TreeEnsemble;
import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.kernel.TreeKernel;
import io.sparkonnx.engine.kernel.scalar.ScalarTree;
import java.util.Arrays;

/**
 * Many rows go through one tree together, and a tree stays in the first-level cache while all rows
 * of a block pass it: first through its top, whose branches are all tested ({@link TreeTops}), then
 * step by step ({@link TreeWalk}).
 *
 * <p>There is no branch in either: the child is picked by the sign of threshold − x. Every
 * comparison is turned into ≤, with the children swapped where it must be. Rows with NaN, and
 * ensembles with equality tests, minima or maxima, take the scalar way.
 */
public final class SimdTree implements TreeKernel {
  private static final int ROWS = TreeTops.ROWS;

  /** Elements of a block whose values stay in the first-level cache beside a tree. */
  private static final int FIRST_LEVEL = 8 << 10;

  /** Elements of a block that take half of a common second-level cache. */
  private static final int SECOND_LEVEL = 128 << 10;

  /** Rows that make it worth while to fetch a tree again, in more than the first-level cache. */
  private static final int ENOUGH_ROWS = 128;

  private static final int MAX_BLOCK_ROWS = 512;

  private static final int INFINITY = 0x7F800000;

  @Override
  public Packed pack(TreeEnsemble ensemble) {
    return PackedTrees.of(ensemble);
  }

  @Override
  public void run(
      Packed packed,
      int rows,
      float[] x,
      int xOffset,
      int xStride,
      boolean featureMajor,
      float[] y,
      int yOffset,
      Scratch scratch) {
    PackedTrees trees = (PackedTrees) packed;
    int features = Math.max(1, trees.ensemble().features());
    int targets = trees.ensemble().targets();
    int block = blockRows(features);
    float[] values = scratch.floats(1, trees.isFast() ? block * features : 0);
    int[] ints = scratch.ints(block + ROWS);
    for (int from = 0; from < rows; from += block) {
      int count = Math.min(block, rows - from);
      int first = featureMajor ? xOffset + from : xOffset + from * xStride;
      int rowStep = featureMajor ? 1 : xStride;
      int featureStep = featureMajor ? xStride : 1;
      int out = yOffset + from * targets;
      boolean clean = false;
      if (trees.isFast()) {
        clean = gather(trees, x, first, rowStep, featureStep, count, features, values, ints);
        Arrays.fill(y, out, out + count * targets, 0f);
        scoreAll(trees, values, features, count, ints, block, y, out);
        finish(trees.ensemble(), y, out, count);
      }
      if (!clean) {
        float[] seen = scratch.floats(0, targets);
        for (int row = 0; row < count; row++) {
          if (!trees.isFast() || ints[row] != 0) {
            ScalarTree.score(
                trees.ensemble(),
                x,
                first + row * rowStep,
                featureStep,
                y,
                out + row * targets,
                seen);
          }
        }
      }
    }
  }

  private static int blockRows(int features) {
    int rows = Math.max(FIRST_LEVEL / features, Math.min(ENOUGH_ROWS, SECOND_LEVEL / features));
    return Math.max(1, Math.min(MAX_BLOCK_ROWS, rows) / ROWS) * ROWS;
  }

  /**
   * Fills {@code values[groups, features, ROWS]} with finite values, the last row filling up its
   * group. An infinite value becomes the greatest finite one, which compares like it to all but
   * extreme thresholds.
   *
   * @param marks receives not 0 for each row that must take the scalar way
   * @return whether there is no such row
   */
  private static boolean gather(
      PackedTrees trees,
      float[] x,
      int first,
      int rowStep,
      int featureStep,
      int count,
      int features,
      float[] values,
      int[] marks) {
    int any = 0;
    int padded = (count + ROWS - 1) / ROWS * ROWS;
    for (int row = 0; row < padded; row++) {
      int from = first + Math.min(row, count - 1) * rowStep;
      int to = row / ROWS * features * ROWS + row % ROWS;
      int greatest = 0;
      for (int feature = 0; feature < features; feature++) {
        float value = x[from + feature * featureStep];
        greatest = Math.max(greatest, Float.floatToRawIntBits(value) & Integer.MAX_VALUE);
        values[to + feature * ROWS] = value;
      }
      int mark = 0;
      if (greatest >= INFINITY) {
        mark = greatest > INFINITY || trees.hasExtremes() ? 1 : 0;
        makeFinite(values, to, features);
      }
      marks[row] = mark;
      any |= mark;
    }
    return any == 0;
  }

  private static void makeFinite(float[] values, int at, int features) {
    for (int feature = 0; feature < features; feature++) {
      int i = at + feature * ROWS;
      values[i] =
          Float.isNaN(values[i])
              ? 0f
              : Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, values[i]));
    }
  }

  /** Adds the weights of all trees' leaves, found in {@code nodes} from {@code at} on. */
  private static void scoreAll(
      PackedTrees trees,
      float[] values,
      int features,
      int count,
      int[] nodes,
      int at,
      float[] y,
      int out) {
    int targets = trees.ensemble().targets();
    TreeTops tops = trees.tops();
    for (int tree = 0; tree < tops.depthBelow().length; tree++) {
      int depth = tops.depthBelow()[tree];
      for (int row = 0; row < count; row += ROWS) {
        int rows = Math.min(ROWS, count - row);
        tops.ruleOut(tree, values, row * features, nodes, at);
        tops.exits(tree, nodes, at);
        for (int lane = 0; depth > 0 && lane < rows; lane += TreeWalk.LANES) {
          int first = row * features + lane;
          TreeWalk.walk(trees.nodes(), depth, trees.childBits(), values, first, nodes, at + lane);
        }
        if (trees.weightOf() != null) {
          addOne(trees.weightOf(), nodes, at, rows, y, out + row);
        } else {
          add(trees, nodes, at, rows, y, out + row * targets);
        }
      }
    }
  }

  private static void addOne(float[] weightOf, int[] nodes, int at, int rows, float[] y, int out) {
    for (int row = 0; row < rows; row++) {
      y[out + row] += weightOf[nodes[at + row]];
    }
  }

  private static void add(PackedTrees trees, int[] nodes, int at, int rows, float[] y, int out) {
    int targets = trees.ensemble().targets();
    for (int row = 0; row < rows; row++) {
      int leaf = trees.leafOf()[nodes[at + row]];
      int end = trees.leafBegin()[leaf + 1];
      for (int entry = trees.leafBegin()[leaf]; entry < end; entry++) {
        y[out + row * targets + trees.leafTarget()[entry]] += trees.leafWeight()[entry];
      }
    }
  }

  private static void finish(TreeEnsemble ensemble, float[] y, int out, int count) {
    int targets = ensemble.targets();
    for (int i = 0; i < count * targets; i++) {
      float value = y[out + i];
      if (ensemble.aggregation() == Aggregation.AVERAGE) {
        value /= ensemble.roots().length;
      }
      y[out + i] =
          ensemble.baseValues() == null ? value : value + ensemble.baseValues()[i % targets];
    }
  }
}
