package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * SVMClassifier with support vectors: each pair of classes has a score, the class that wins most
 * pairs is the label, the first of equals. The second output holds probabilities of the classes
 * where the model has their coefficients; else the scores of the pairs, of which a single one s
 * becomes [−s, s], or by a post transform [1 − s, s] and by LOGISTIC [σ(−s), σ(s)].
 *
 * @param labels of the classes
 * @param vectors support vectors and kernel function
 * @param pairs from kernel values to scores
 * @param transform applied at the end
 */
record SvmClassifier(
    Labels labels, SupportVectors vectors, PairwiseScores pairs, PostTransform transform)
    implements Operator {
  private static final int BLOCK_ROWS = 64;

  static Operator of(Attributes attributes) {
    Labels labels = Labels.of(attributes, "classlabels_ints", "classlabels_strings");
    long[] counts = attributes.integers("vectors_per_class");
    int[] begin = new int[labels.size() + 1];
    int classes = counts == null ? 0 : counts.length;
    long total = 0;
    for (int i = 0; i < classes; i++) {
      total += counts[i];
      if (counts[i] < 0 || total > Integer.MAX_VALUE) {
        throw attributes.error("vectors_per_class has " + counts[i]);
      }
      begin[Math.min(i + 1, labels.size())] = (int) total;
    }
    if (total == 0) {
      return LinearSvmClassifier.of(attributes, labels);
    }
    if (classes != labels.size()) {
      throw attributes.error(
          "vectors_per_class has " + classes + " elements for " + labels.size() + " class labels");
    }
    int count = (int) total;
    int pairs = classes * (classes - 1) / 2;
    float[] probA = attributes.reals("prob_a");
    float[] probB = attributes.reals("prob_b");
    boolean probable = probA != null && probA.length > 0;
    PairwiseScores scores =
        new PairwiseScores(
            begin,
            require(attributes, "coefficients", (long) (classes - 1) * count),
            require(attributes, "rho", pairs),
            probable ? require(attributes, "prob_a", pairs) : null,
            probable ? require(attributes, "prob_b", pairs) : null);
    if (!probable && probB != null && probB.length > 0) {
      throw attributes.error("prob_b is given without prob_a");
    }
    return new SvmClassifier(
        labels, SupportVectors.of(attributes, count), scores, PostTransform.of(attributes));
  }

  private static float[] require(Attributes attributes, String name, long least) {
    float[] values = attributes.reals(name);
    int length = values == null ? 0 : values.length;
    if (length < least) {
      throw attributes.error(name + " has " + length + " elements, expected " + least);
    }
    return values;
  }

  @Override
  public String type() {
    return "SVMClassifier";
  }

  private boolean isProbable() {
    return pairs.probA() != null;
  }

  /** Columns of the second output. */
  private int width() {
    return isProbable() || labels.size() == 2 ? labels.size() : pairs.pairs();
  }

  /** Columns of it before a single score is spread over two classes. */
  private int rawWidth() {
    return isProbable() ? labels.size() : pairs.pairs();
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Features.requireNumbers(context);
    Features.requireColumns(context, vectors.columns());
    Dim rows = Features.rows(context);
    return List.of(
        ValueInfo.of(labels.type(), Shape.of(rows)),
        ValueInfo.of(ElementType.FLOAT, Shape.of(rows, Dim.of(width()))));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return Features.batch(context);
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    return outputs.get(0).shape().size().times(2L * vectors.vectors().length);
  }

  @Override
  public Step prepare(Preparation preparation) {
    SupportVectors.Packed packed = vectors.pack(preparation.kernels());
    return context -> run(context, packed);
  }

  private void run(StepContext context, SupportVectors.Packed packed) {
    Features.checkColumns(context, vectors.columns());
    int count = vectors.count();
    int extra = BLOCK_ROWS * count + pairs.pairs();
    Features x = Features.of(context, extra);
    int values = Features.end(context.input(0));
    int scores = values + BLOCK_ROWS * count;
    float[] array = context.scratch().floats(Scratch.OPERATOR, values + extra);
    int[] winners = new int[x.rows()];
    int[] votes = new int[labels.size()];
    FloatTensor z = context.wants(1) ? context.floatOutput(1) : null;
    for (int first = 0; first < x.rows(); first += BLOCK_ROWS) {
      int rows = Math.min(BLOCK_ROWS, x.rows() - first);
      context.checkCancelled();
      vectors.run(context, packed, x, first, rows, array, values);
      for (int row = 0; row < rows; row++) {
        pairs.score(array, values + row * count, array, scores, votes);
        winners[first + row] = most(votes);
        if (z != null) {
          int at = z.offset() + (first + row) * rawWidth();
          if (isProbable()) {
            pairs.probabilities(array, scores, z.array(), at);
          } else {
            System.arraycopy(array, scores, z.array(), at, rawWidth());
          }
        }
      }
    }
    if (context.wants(0)) {
      labels.write(context, 0, winners, x.rows());
    }
    if (z != null && (isProbable() || labels.size() != 2)) {
      transform.apply(context.kernels(), z.array(), z.offset(), x.rows(), width());
    } else if (z != null) {
      SingleScore single =
          transform == PostTransform.NONE ? SingleScore.MARGIN : SingleScore.PROBABILITY;
      single.spread(context.kernels(), transform, z.array(), z.offset(), x.rows());
    }
  }

  private static int most(int[] votes) {
    int most = 0;
    for (int i = 1; i < votes.length; i++) {
      most = votes[i] > votes[most] ? i : most;
    }
    return most;
  }
}
