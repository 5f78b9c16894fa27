package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.kernel.TreeEnsemble.Mode;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Layout;

/**
 * Trees in double, row after row and tree after tree.
 *
 * @param forest the trees
 * @param targets columns of the result
 * @param aggregation how the trees' weights combine
 * @param baseValues added last, one per target, or null
 * @param marksUnvoted whether a target without any weight becomes NaN
 * @param layout of the features
 */
record DoubleTrees(
    Forest forest,
    int targets,
    Aggregation aggregation,
    double[] baseValues,
    boolean marksUnvoted,
    Layout layout) {
  private static final int CHECK_ROWS = 256;

  /** Scores input 0 into {@code y[rows, targets]}, rounded. */
  void run(StepContext context, float[] y, int at) {
    Tensor x = context.input(0);
    double[] features = new double[Features.columns(x, layout)];
    double[] scores = new double[targets];
    boolean[] seen = new boolean[targets];
    for (int row = 0; row < Features.rows(x, layout); row++) {
      if (row % CHECK_ROWS == 0) {
        context.checkCancelled();
      }
      score(x, row, features, scores, seen);
      for (int target = 0; target < targets; target++) {
        y[at + row * targets + target] = (float) scores[target];
      }
    }
  }

  /** Scores input 0 into {@code y[rows, targets]}. */
  void run(StepContext context, double[] y, int at) {
    Tensor x = context.input(0);
    double[] features = new double[Features.columns(x, layout)];
    double[] scores = new double[targets];
    boolean[] seen = new boolean[targets];
    for (int row = 0; row < Features.rows(x, layout); row++) {
      if (row % CHECK_ROWS == 0) {
        context.checkCancelled();
      }
      score(x, row, features, scores, seen);
      System.arraycopy(scores, 0, y, at + row * targets, targets);
    }
  }

  private void score(Tensor x, int row, double[] features, double[] scores, boolean[] seen) {
    int columns = features.length;
    for (int column = 0; column < columns; column++) {
      int index =
          layout == Layout.ROW_MAJOR ? row * columns + column : column * (x.size() / columns) + row;
      features[column] =
          x instanceof DoubleTensor doubles
              ? doubles.array()[doubles.offset() + index]
              : (float) x.doubleAt(index);
    }
    java.util.Arrays.fill(scores, 0);
    java.util.Arrays.fill(seen, false);
    for (int root : forest.roots()) {
      add(walk(root, features), scores, seen);
    }
    for (int target = 0; target < targets; target++) {
      double score = scores[target];
      if (aggregation == Aggregation.AVERAGE) {
        score /= forest.roots().length;
      }
      if (marksUnvoted && !seen[target]) {
        score = Double.NaN;
      }
      scores[target] = baseValues == null ? score : score + baseValues[target];
    }
  }

  private int walk(int root, double[] features) {
    int node = root;
    while (forest.mode()[node] != Mode.LEAF) {
      double value = features[forest.feature()[node]];
      boolean yes =
          holds(forest.mode()[node], value, forest.threshold()[node])
              || (Double.isNaN(value) && forest.missingGoesYes()[node]);
      node = yes ? forest.yes()[node] : forest.no()[node];
    }
    return node;
  }

  private static boolean holds(Mode mode, double value, double threshold) {
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

  private void add(int leaf, double[] scores, boolean[] seen) {
    for (int entry = forest.leafBegin()[leaf]; entry < forest.leafBegin()[leaf + 1]; entry++) {
      int target = forest.leafTarget()[entry];
      double weight = forest.leafWeight()[entry];
      scores[target] =
          switch (aggregation) {
            case SUM, AVERAGE -> scores[target] + weight;
            case MIN -> seen[target] ? Math.min(scores[target], weight) : weight;
            case MAX -> seen[target] ? Math.max(scores[target], weight) : weight;
          };
      seen[target] = true;
    }
  }
}
