package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DeviceParts;
import io.sparkonnx.engine.op.Divisible;
import io.sparkonnx.engine.op.HalfPrecision;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.LayoutVariant;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * TreeEnsemble: weights [N, targets] of the leaves that a row reaches, combined over the trees, of
 * the input's type. Doubles run in double, 16-bit floats in float.
 *
 * @param scores the trees
 * @param transform applied at the end
 */
record TreeEnsemble(TreeScores scores, PostTransform transform) implements Divisible {
  private static final PostTransform[] TRANSFORMS = {
    PostTransform.NONE,
    PostTransform.SOFTMAX,
    PostTransform.LOGISTIC,
    PostTransform.SOFTMAX_ZERO,
    PostTransform.PROBIT
  };
  private static final Aggregation[] AGGREGATIONS = {
    Aggregation.AVERAGE, Aggregation.SUM, Aggregation.MIN, Aggregation.MAX
  };

  static TreeEnsemble of(Attributes attributes) {
    int targets = number(attributes, "n_targets", 1, 1, Integer.MAX_VALUE);
    Forest forest = LeafLists.read(attributes, targets);
    int aggregation = number(attributes, "aggregate_function", 1, 0, AGGREGATIONS.length - 1);
    int transform = number(attributes, "post_transform", 0, 0, TRANSFORMS.length - 1);
    return new TreeEnsemble(
        new TreeScores(
            forest, targets, AGGREGATIONS[aggregation], null, false, false, Layout.ROW_MAJOR),
        TRANSFORMS[transform]);
  }

  private static int number(
      Attributes attributes, String name, int otherwise, int least, int greatest) {
    long value = attributes.integer(name, otherwise);
    if (value < least || value > greatest) {
      throw attributes.error(name + " is " + value + ", expected " + least + " to " + greatest);
    }
    return (int) value;
  }

  @Override
  public String type() {
    return "TreeEnsemble";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type =
        context.require(0, ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16);
    scores.infer(context);
    Shape y = Shape.of(Features.rows(context, scores.layout()), Dim.of(scores.targets()));
    return List.of(ValueInfo.of(type, y));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return Features.batch(context, scores.layout());
  }

  @Override
  public LayoutVariant inLayout(Layout layout, List<ValueInfo> inputs) {
    return LayoutVariant.firstInput(
        new TreeEnsemble(scores.inLayout(layout), transform), layout, 1);
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
    ElementType type = preparation.input(0).element();
    if (type == ElementType.DOUBLE) {
      return this::runDoubles;
    }
    return HalfPrecision.isHalf(type)
        ? HalfPrecision.prepare(preparation, this::prepareFloats)
        : prepareFloats(preparation);
  }

  private Step prepareFloats(Preparation preparation) {
    TreeScores.Runner runner = scores.prepare(preparation);
    return context -> {
      FloatTensor y = context.floatOutput(0);
      runner.run(context, 0, y.array(), y.offset());
      transform.apply(context.kernels(), y.array(), y.offset(), y.dim(0), y.dim(1));
    };
  }

  private void runDoubles(StepContext context) {
    DoubleTensor y = (DoubleTensor) context.output(0);
    scores.runDoubles(context, y.array(), y.offset());
    transform.apply(y.array(), y.offset(), y.dim(0), y.dim(1));
  }
}
