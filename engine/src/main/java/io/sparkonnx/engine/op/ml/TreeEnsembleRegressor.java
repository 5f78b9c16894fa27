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
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * TreeEnsembleRegressor: weights [N, targets] of the leaves that a row reaches, combined over the
 * trees.
 *
 * @param scores the trees
 * @param transform applied at the end
 */
record TreeEnsembleRegressor(TreeScores scores, PostTransform transform) implements Divisible {

  static TreeEnsembleRegressor of(Attributes attributes) {
    long targets = attributes.integer("n_targets", 1);
    if (targets < 1 || targets > Integer.MAX_VALUE) {
      throw attributes.error("n_targets is " + targets + ", expected a positive number");
    }
    Forest forest = NodeLists.read(attributes, "target", (int) targets);
    double[] base = TreeScores.baseValues(attributes, (int) targets);
    TreeScores scores =
        new TreeScores(
            forest,
            (int) targets,
            aggregation(attributes),
            base,
            TreeScores.isDouble(attributes, "target"),
            false,
            Layout.ROW_MAJOR);
    return new TreeEnsembleRegressor(
        scores, PostTransform.of(attributes).forTargets((int) targets));
  }

  private static Aggregation aggregation(Attributes attributes) {
    String name = attributes.string("aggregate_function", "SUM");
    for (Aggregation aggregation : Aggregation.values()) {
      if (aggregation.name().equals(name)) {
        return aggregation;
      }
    }
    throw attributes.error(
        "aggregate_function is '" + name + "', expected SUM, AVERAGE, MIN or MAX");
  }

  @Override
  public String type() {
    return "TreeEnsembleRegressor";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Features.requireNumbers(context);
    scores.infer(context);
    Shape y = Shape.of(Features.rows(context, scores.layout()), Dim.of(scores.targets()));
    return List.of(ValueInfo.of(ElementType.FLOAT, y));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return Features.batch(context, scores.layout());
  }

  @Override
  public LayoutVariant inLayout(Layout layout, List<ValueInfo> inputs) {
    return LayoutVariant.firstInput(
        new TreeEnsembleRegressor(scores.inLayout(layout), transform), layout, 1);
  }

  @Override
  public void divide(DeviceParts parts) {
    DeviceParts.Source raw = PackedTreeScores.of(scores, parts);
    if (raw != null) {
      transform.divide(parts, raw);
    }
  }

  @Override
  public Step prepare(Preparation preparation) {
    TreeScores.Runner runner = scores.prepare(preparation);
    return context -> run(context, runner);
  }

  private void run(StepContext context, TreeScores.Runner runner) {
    FloatTensor y = context.floatOutput(0);
    runner.run(context, 0, y.array(), y.offset());
    transform.apply(context.kernels(), y.array(), y.offset(), y.dim(0), scores.targets());
  }
}
