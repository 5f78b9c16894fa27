package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ByteTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Dropout from opset 12: input 1 is the share of elements to drop (0.5 without it), input 2 whether
 * to drop at all. When dropping, the others are scaled by 1 / (1 − share); output 1 tells which
 * stay.
 *
 * @param seed of the random choice
 */
public record TrainableDropout(long seed) implements Operator {
  static TrainableDropout of(Attributes attributes) {
    return new TrainableDropout(attributes.integer("seed", 0));
  }

  @Override
  public String type() {
    return "Dropout";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape shape = context.shape(0);
    return List.of(ValueInfo.of(context.element(0), shape), ValueInfo.of(ElementType.BOOL, shape));
  }

  /** Whether output 0 is input 0, as in every exported model. */
  public static boolean isIdentity(Tensor training) {
    return training == null || training.longAt(0) == 0;
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    ValueInfo training = context.inputs() > 2 ? context.input(2) : null;
    if (training == null) {
      return context.all(context.axis(0));
    }
    return training.constant() != null && isIdentity(training.constant())
        ? context.all(context.axis(0))
        : context.coupled("drops at random");
  }

  @Override
  public boolean canOverwrite(int input) {
    return input == 0;
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    Tensor input = context.input(0);
    Tensor output = context.output(0);
    Tensor mask = context.outputs() > 1 && context.wants(1) ? context.output(1) : null;
    boolean training = context.inputs() > 2 && !isIdentity(context.input(2));
    Tensor ratio = context.inputs() > 1 ? context.input(1) : null;
    double share = !training ? 0 : ratio == null ? 0.5 : ratio.doubleAt(0);
    if (share == 0) {
      System.arraycopy(
          input.array(), input.offset(), output.array(), output.offset(), input.size());
      if (mask != null) {
        Dropout.ones(mask);
      }
      return;
    }
    drop(input, output, (ByteTensor) mask, share);
  }

  private void drop(Tensor input, Tensor output, ByteTensor mask, double share) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] kept = new double[input.size()];
    for (int i = 0; i < kept.length; i++) {
      boolean stays = random.nextDouble() >= share;
      kept[i] = stays ? input.doubleAt(i) / (1 - share) : 0;
      if (mask != null) {
        mask.array()[mask.offset() + i] = (byte) (stays ? 1 : 0);
      }
    }
    Conversion.DEFAULT.convert(Tensor.of(kept, input.dims()), output);
  }
}
