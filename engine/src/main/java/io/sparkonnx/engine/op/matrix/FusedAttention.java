package io.sparkonnx.engine.op.matrix;

import io.sparkonnx.engine.kernel.BinaryFunction;
import io.sparkonnx.engine.op.DeviceForms;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * softmax(stages(Q·Kᵀ))·V, the softmax along rows, in the chain's own bits: inputs Q [..., M, K],
 * Kᵀ [..., K, N] and V [..., N, D] with equal leading axes, then an operand for each stage and the
 * test of a choice, which are broadcast to the scores [..., M, N]. ONNX does not have it; {@code
 * FuseAttention} makes it.
 *
 * @param stages functions of each score and an operand, in their order
 */
public record FusedAttention(List<Stage> stages) implements Operator {
  /** The most axes of a factor. */
  public static final int MAX_RANK = 4;

  private static final int FACTORS = 3;

  /** Operations for one element of a softmax. */
  private static final int SOFTMAX_FLOPS = 4;

  /**
   * A function of each score and an operand.
   *
   * @param f the function; null for a choice, which one stage may be: the score where the test
   *     holds, else the operand
   * @param turned whether the operand comes first
   */
  public record Stage(BinaryFunction f, boolean turned) {}

  public FusedAttention {
    stages = List.copyOf(stages);
  }

  @Override
  public String type() {
    return "FusedAttention";
  }

  /** Index of the input that is a stage's operand. */
  static int operand(int stage) {
    return FACTORS + stage;
  }

  /** Index of the input that is a choice's test, or −1 where no stage is one. */
  int test() {
    boolean chooses = stages.stream().anyMatch(stage -> stage.f() == null);
    return chooses ? FACTORS + stages.size() : -1;
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    for (int i = 0; i < context.inputs(); i++) {
      context.require(i, i == test() ? ElementType.BOOL : ElementType.FLOAT);
    }
    Shape q = context.shape(0);
    Shape v = context.shape(2);
    if (!q.hasRank() || !context.shape(1).hasRank() || !v.hasRank()) {
      return List.of(ValueInfo.of(ElementType.FLOAT, Shape.UNKNOWN));
    }
    Shape scores = MatMul.shape(context, q, context.shape(1));
    requireLeading(context, 1);
    requireLeading(context, 2);
    Dim keys = scores.dim(scores.rank() - 1);
    Dim rows = v.dim(v.rank() - 2);
    if (keys.isConstant() && rows.isConstant() && !keys.equals(rows)) {
      throw context.error("there are " + keys + " keys but " + rows + " values");
    }
    for (int i = FACTORS; i < context.inputs(); i++) {
      Shape operand = context.shape(i);
      Shape both = Shape.broadcast(scores, operand);
      if (both == null || (both.isConstant() && !both.equals(scores))) {
        throw context.error("operand " + operand + " does not fit scores " + scores);
      }
    }
    Dim width = v.dim(v.rank() - 1);
    return List.of(ValueInfo.of(ElementType.FLOAT, scores.with(scores.rank() - 1, width)));
  }

  private static void requireLeading(InferenceContext context, int input) {
    Shape q = context.shape(0);
    Shape other = context.shape(input);
    boolean equal = q.rank() == other.rank();
    for (int i = 0; equal && i < q.rank() - 2; i++) {
      boolean known = q.dim(i).isConstant() && other.dim(i).isConstant();
      equal = !known || q.dim(i).equals(other.dim(i));
    }
    if (!equal) {
      throw context.error("Q has shape " + q + " but input " + input + " has " + other);
    }
  }

  @Override
  public Dim flops(List<ValueInfo> inputs, List<ValueInfo> outputs) {
    Shape q = inputs.get(0).shape();
    Shape v = inputs.get(2).shape();
    if (!q.hasRank() || !v.hasRank()) {
      return Dim.ZERO;
    }
    Dim scores = q.product(0, q.rank() - 1).times(v.dim(v.rank() - 2));
    Dim columns = q.dim(q.rank() - 1).plus(v.dim(v.rank() - 1));
    return scores.times(columns.times(2).plus(SOFTMAX_FLOPS + stages.size()));
  }

  @Override
  public boolean looksAtTypes() {
    return true;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    boolean fits =
        stages.stream()
            .allMatch(stage -> stage.f() == null || DeviceForms.has(preparation, stage.f()));
    return fits ? DeviceAttention.prepare(this, preparation) : null;
  }

  @Override
  public Step prepare(Preparation preparation) {
    return new AttentionStep(this);
  }
}
