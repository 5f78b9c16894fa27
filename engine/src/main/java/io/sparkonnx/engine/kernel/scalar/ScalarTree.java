package io.sparkonnx.engine.kernel.scalar;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.TreeEnsemble;
import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.kernel.TreeEnsemble.Mode;
import io.sparkonnx.engine.kernel.TreeKernel;

/** Row after row, tree after tree, straight from the ensemble. */
public final class ScalarTree implements TreeKernel {
  private record PackedTrees(TreeEnsemble ensemble) implements Packed {
    @Override
    public long bytes() {
      int perNode = 4 * Integer.BYTES + Float.BYTES + 1 + Integer.BYTES;
      return (long) ensemble.mode().length * perNode + 8L * ensemble.leafWeight().length;
    }
  }

  @Override
  public Packed pack(TreeEnsemble ensemble) {
    return new PackedTrees(ensemble);
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
    TreeEnsemble ensemble = ((PackedTrees) packed).ensemble();
    float[] seen = scratch.floats(0, ensemble.targets());
    for (int row = 0; row < rows; row++) {
      int first = featureMajor ? xOffset + row : xOffset + row * xStride;
      int step = featureMajor ? xStride : 1;
      score(ensemble, x, first, step, y, yOffset + row * ensemble.targets(), seen);
    }
  }

  /**
   * Scores one row.
   *
   * @param first index of the row's first feature
   * @param step distance between its features
   * @param y receives one value per target from {@code yOffset}
   * @param seen working memory, one element per target
   */
  public static void score(
      TreeEnsemble ensemble, float[] x, int first, int step, float[] y, int yOffset, float[] seen) {
    int targets = ensemble.targets();
    for (int target = 0; target < targets; target++) {
      y[yOffset + target] = 0f;
      seen[target] = 0f;
    }
    for (int root : ensemble.roots()) {
      add(ensemble, walk(ensemble, root, x, first, step), y, yOffset, seen);
    }
    for (int target = 0; target < targets; target++) {
      float value = y[yOffset + target];
      if (ensemble.aggregation() == Aggregation.AVERAGE) {
        value /= ensemble.roots().length;
      }
      y[yOffset + target] =
          ensemble.baseValues() == null ? value : value + ensemble.baseValues()[target];
    }
  }

  private static int walk(TreeEnsemble ensemble, int root, float[] x, int first, int step) {
    int node = root;
    while (ensemble.mode()[node] != Mode.LEAF) {
      float value = x[first + ensemble.feature()[node] * step];
      boolean yes =
          holds(ensemble.mode()[node], value, ensemble.threshold()[node])
              || (Float.isNaN(value) && ensemble.missingGoesYes()[node]);
      node = yes ? ensemble.yes()[node] : ensemble.no()[node];
    }
    return node;
  }

  private static boolean holds(Mode mode, float value, float threshold) {
    return switch (mode) {
      case LEQ -> value <= threshold;
      case LT -> value < threshold;
      case GTE -> value >= threshold;
      case GT -> value > threshold;
      case EQ -> value == threshold;
      case NEQ -> value != threshold;
      case LEAF -> false;
    };
  }

  private static void add(TreeEnsemble ensemble, int leaf, float[] y, int yOffset, float[] seen) {
    int end = ensemble.leafBegin()[leaf + 1];
    for (int entry = ensemble.leafBegin()[leaf]; entry < end; entry++) {
      int target = ensemble.leafTarget()[entry];
      float weight = ensemble.leafWeight()[entry];
      int at = yOffset + target;
      y[at] =
          switch (ensemble.aggregation()) {
            case SUM, AVERAGE -> y[at] + weight;
            case MIN -> seen[target] == 0f ? weight : Math.min(y[at], weight);
            case MAX -> seen[target] == 0f ? weight : Math.max(y[at], weight);
          };
      seen[target] = 1f;
    }
  }
}
