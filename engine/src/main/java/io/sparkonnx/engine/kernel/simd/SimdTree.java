package io.sparkonnx.engine.kernel.simd;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.TreeEnsemble;
import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.kernel.TreeKernel;
import io.sparkonnx.engine.kernel.scalar.ScalarTree;
import java.util.Arrays;

/**
 * Many rows walk one tree side by side, and a tree stays in the first-level cache while all rows of
 * a block pass through it.
 *
 * <p>Features and thresholds become integers of the same order, so that a step has no branch: the
 * child is picked by the sign of a difference. Every comparison is turned into ≤, with the children
 * swapped where it must be. Rows with NaN, and ensembles with equality tests, minima or maxima,
 * take the scalar way.
 */
public final class SimdTree implements TreeKernel {
  private static final int LANES = TreeWalk.LANES;

  /** Elements of a block's keys: half of a common second-level cache. */
  private static final int BLOCK_KEYS = 128 << 10;

  private static final int MAX_BLOCK_ROWS = 512;

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
    int block = Math.max(1, Math.min(MAX_BLOCK_ROWS, BLOCK_KEYS / features) / LANES) * LANES;
    int[] ints = scratch.ints(block * features + block + LANES);
    for (int from = 0; from < rows; from += block) {
      int count = Math.min(block, rows - from);
      int first = featureMajor ? xOffset + from : xOffset + from * xStride;
      int rowStep = featureMajor ? 1 : xStride;
      int featureStep = featureMajor ? xStride : 1;
      int out = yOffset + from * targets;
      int flags = block * features;
      boolean clean =
          trees.isFast() && toKeys(x, first, rowStep, featureStep, count, features, ints, flags);
      if (trees.isFast()) {
        Arrays.fill(y, out, out + count * targets, 0f);
        walkAll(trees, ints, features, count, flags + block, y, out);
        finish(trees.ensemble(), y, out, count);
      }
      if (!clean) {
        float[] seen = scratch.floats(0, targets);
        for (int row = 0; row < count; row++) {
          if (!trees.isFast() || ints[flags + row] != 0) {
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

  /**
   * Fills {@code keys[groups, features, LANES]}, the last row filling up its group, and from {@code
   * flags} on a mark for each row with a NaN.
   *
   * @return whether no row has one
   */
  private static boolean toKeys(
      float[] x,
      int first,
      int rowStep,
      int featureStep,
      int count,
      int features,
      int[] keys,
      int flags) {
    int any = 0;
    int padded = (count + LANES - 1) / LANES * LANES;
    for (int row = 0; row < padded; row++) {
      int from = first + Math.min(row, count - 1) * rowStep;
      int to = row / LANES * features * LANES + row % LANES;
      int nan = 0;
      for (int feature = 0; feature < features; feature++) {
        float value = x[from + feature * featureStep];
        nan |= Float.isNaN(value) ? 1 : 0;
        keys[to + feature * LANES] = PackedTrees.key(value);
      }
      keys[flags + row] = nan;
      any |= nan;
    }
    return any == 0;
  }

  /** Walks all trees; the leaves of a group of rows are in {@code ints} from {@code at} on. */
  private static void walkAll(
      PackedTrees trees, int[] ints, int features, int count, int at, float[] y, int out) {
    int targets = trees.ensemble().targets();
    for (int tree = 0; tree < trees.roots().length; tree++) {
      int root = trees.roots()[tree];
      int depth = trees.depths()[tree];
      for (int row = 0; row < count; row += LANES) {
        int lanes = Math.min(LANES, count - row);
        TreeWalk.walk(
            trees.nodes(), root, depth, trees.childBits(), ints, row * features, ints, at);
        if (trees.oneWeightPerLeaf()) {
          addOne(trees.leafOf(), trees.leafWeight(), ints, at, lanes, y, out + row);
        } else {
          add(trees, ints, at, lanes, y, out + row * targets);
        }
      }
    }
  }

  private static void addOne(
      int[] leafOf, float[] weights, int[] leaves, int at, int lanes, float[] y, int out) {
    for (int lane = 0; lane < lanes; lane++) {
      y[out + lane] += weights[leafOf[leaves[at + lane]]];
    }
  }

  private static void add(PackedTrees trees, int[] leaves, int at, int lanes, float[] y, int out) {
    int targets = trees.ensemble().targets();
    for (int lane = 0; lane < lanes; lane++) {
      int leaf = trees.leafOf()[leaves[at + lane]];
      int end = trees.leafBegin()[leaf + 1];
      for (int entry = trees.leafBegin()[leaf]; entry < end; entry++) {
        y[out + lane * targets + trees.leafTarget()[entry]] += trees.leafWeight()[entry];
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
