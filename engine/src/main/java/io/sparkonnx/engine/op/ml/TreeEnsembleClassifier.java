package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceParts;
import io.sparkonnx.engine.op.Divisible;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.LayoutVariant;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * TreeEnsembleClassifier: each leaf votes for classes with weights, which are summed.
 *
 * <p>Between two classes of which only one gets weights, the sum s decides alone: the second class
 * wins where s is above 0.5 if no weight is negative (a probability), else where it is above 0 (a
 * margin). Weights for the first class are then meant for the second: exporters of boosted trees
 * and of binary forests write them so. Among other classes only those that a row's leaves voted
 * for, or that have a base value, can win.
 *
 * @param scores the trees
 * @param classes labels and final scores
 */
record TreeEnsembleClassifier(TreeScores scores, ClassScores classes) implements Divisible {

  static TreeEnsembleClassifier of(Attributes attributes) {
    Labels labels = Labels.of(attributes, "classlabels_int64s", "classlabels_strings");
    Forest forest = NodeLists.read(attributes, "class", labels.size());
    boolean inDouble = TreeScores.isDouble(attributes, "class");
    int[] voted = IntStream.of(forest.leafTarget()).distinct().toArray();
    double[] base = NodeAttributes.optionalReals(attributes, "base_values");
    boolean oneBase = base == null || base.length == 1;
    PostTransform transform = PostTransform.of(attributes);
    if (labels.size() == 2 && voted.length == 1 && oneBase) {
      boolean negative = DoubleStream.of(forest.leafWeight()).anyMatch(weight -> weight < 0);
      SingleScore single =
          voted[0] == 1
              ? SingleScore.BESIDE_ZERO
              : negative ? SingleScore.MARGIN : SingleScore.PROBABILITY;
      return new TreeEnsembleClassifier(
          new TreeScores(
              forest.withSingleTarget(),
              1,
              Aggregation.SUM,
              base,
              inDouble,
              false,
              Layout.ROW_MAJOR),
          new ClassScores(labels, single, negative ? 0f : 0.5f, transform, false));
    }
    double[] bases = TreeScores.baseValues(attributes, labels.size());
    boolean unvoted = bases == null && canWinUnvoted(forest, labels.size());
    return new TreeEnsembleClassifier(
        new TreeScores(
            forest, labels.size(), Aggregation.SUM, bases, inDouble, unvoted, Layout.ROW_MAJOR),
        new ClassScores(labels, null, 0f, transform, unvoted));
  }

  /** Whether a class without votes, whose sum is zero, could have the greatest sum of a row. */
  private static boolean canWinUnvoted(Forest forest, int classes) {
    boolean positive = DoubleStream.of(forest.leafWeight()).allMatch(weight -> weight > 0);
    boolean[] always = forest.alwaysVoted(classes);
    return !positive && !IntStream.range(0, classes).allMatch(i -> always[i]);
  }

  @Override
  public String type() {
    return "TreeEnsembleClassifier";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Features.requireNumbers(context);
    scores.infer(context);
    return classes.infer(context, scores.layout());
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return Features.batch(context, scores.layout());
  }

  @Override
  public LayoutVariant inLayout(Layout layout, List<ValueInfo> inputs) {
    return LayoutVariant.firstInput(
        new TreeEnsembleClassifier(scores.inLayout(layout), classes), layout, 1);
  }

  @Override
  public void divide(DeviceParts parts) {
    DeviceParts.Source raw = PackedTreeScores.of(scores, parts);
    if (raw != null) {
      classes.divide(parts, raw);
    }
  }

  @Override
  public Step prepare(Preparation preparation) {
    TreeScores.Runner runner = scores.prepare(preparation);
    return context -> run(context, runner);
  }

  private void run(StepContext context, TreeScores.Runner runner) {
    int rows = Features.rows(context.input(0), scores.layout());
    int extra = classes.extra(context, rows);
    ClassScores.Place place = classes.place(context, rows);
    runner.run(context, extra, place.array(), place.offset());
    classes.finish(context, place, rows);
  }
}
