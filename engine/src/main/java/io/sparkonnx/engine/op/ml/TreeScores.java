package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.kernel.TreeKernel;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Layout;

/**
 * Raw scores [N, targets] of trees. Float trees over floats and integers run in the tree kernel;
 * trees given in double, or over doubles, run in double and are rounded at the end.
 *
 * @param forest the trees
 * @param targets columns of the result
 * @param aggregation how the trees' weights combine
 * @param baseValues added last, one per target, or null
 * @param inDouble whether thresholds or weights were given in double
 * @param marksUnvoted whether a target without any weight becomes NaN
 * @param layout of the features
 */
record TreeScores(
    Forest forest,
    int targets,
    Aggregation aggregation,
    double[] baseValues,
    boolean inDouble,
    boolean marksUnvoted,
    Layout layout) {

  TreeScores inLayout(Layout wanted) {
    return new TreeScores(forest, targets, aggregation, baseValues, inDouble, marksUnvoted, wanted);
  }

  /** Whether a tensor attribute gives thresholds or weights in double. */
  static boolean isDouble(Attributes attributes, String prefix) {
    return isDoubleTensor(attributes.tensor("nodes_values_as_tensor"))
        || isDoubleTensor(attributes.tensor(prefix + "_weights_as_tensor"));
  }

  private static boolean isDoubleTensor(Tensor tensor) {
    return tensor != null && tensor.type() == ElementType.DOUBLE;
  }

  /** The attribute {@code base_values}, which must fit the targets, or null. */
  static double[] baseValues(Attributes attributes, int targets) {
    double[] values = NodeAttributes.optionalReals(attributes, "base_values");
    if (values != null && values.length != targets) {
      throw attributes.error(
          "base_values has " + values.length + " elements for " + targets + " targets");
    }
    return values;
  }

  /** Checks that the input has the columns that the trees test. */
  void infer(InferenceContext context) {
    long columns = Features.columns(context, layout);
    if (columns >= 0 && columns < forest.features()) {
      throw context.error(message(columns));
    }
  }

  private String message(long columns) {
    return "feature " + (forest.features() - 1) + " is tested but X has " + columns + " columns";
  }

  /** Scores input 0 into an array. */
  @FunctionalInterface
  interface Runner {
    /**
     * @param extra floats of the operator's scratch that the caller took behind the features
     */
    void run(StepContext context, int extra, float[] y, int at);
  }

  Runner prepare(Preparation preparation) {
    boolean plain =
        inDouble || marksUnvoted || preparation.input(0).element() == ElementType.DOUBLE;
    if (plain) {
      return this::runPlain;
    }
    TreeKernel.Packed packed =
        preparation.kernels().tree().pack(forest.ensemble(targets, aggregation, baseValues));
    return (context, extra, y, at) -> run(context, packed, extra, y, at);
  }

  private void run(StepContext context, TreeKernel.Packed packed, int extra, float[] y, int at) {
    checkColumns(context);
    Features x = Features.of(context, layout, extra);
    boolean byColumns = layout == Layout.FEATURE_MAJOR;
    context
        .kernels()
        .tree()
        .run(
            packed,
            x.rows(),
            x.array(),
            x.offset(),
            byColumns ? x.columnStride() : x.rowStride(),
            byColumns,
            y,
            at,
            context.scratch());
  }

  private void runPlain(StepContext context, int extra, float[] y, int at) {
    checkColumns(context);
    plain().run(context, y, at);
  }

  /** Scores input 0 in double into {@code y[rows, targets]} from index {@code at}. */
  void runDoubles(StepContext context, double[] y, int at) {
    checkColumns(context);
    plain().run(context, y, at);
  }

  private DoubleTrees plain() {
    return new DoubleTrees(forest, targets, aggregation, baseValues, marksUnvoted, layout);
  }

  private void checkColumns(StepContext context) {
    int columns = Features.columns(context.input(0), layout);
    if (columns < forest.features()) {
      throw context.error(message(columns));
    }
  }
}
