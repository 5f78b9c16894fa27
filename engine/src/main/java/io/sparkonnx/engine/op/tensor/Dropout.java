package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * Dropout when a model is used, before opset 12: the input itself, and as a second output a mask of
 * ones.
 *
 * @param boolMask whether the mask is boolean (opset 10) or of the input's type (before)
 */
public record Dropout(boolean boolMask) implements Operator {
  static Dropout withTypedMask(Attributes attributes) {
    return new Dropout(false);
  }

  static Dropout withBoolMask(Attributes attributes) {
    return new Dropout(true);
  }

  @Override
  public String type() {
    return "Dropout";
  }

  @Override
  public int viewOf(int output) {
    return output == 0 ? 0 : -1;
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType mask = boolMask ? ElementType.BOOL : context.element(0);
    return List.of(context.input(0), ValueInfo.of(mask, context.shape(0)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.all(context.axis(0));
  }

  @Override
  public Step prepare(Preparation preparation) {
    return Dropout::run;
  }

  private static void run(StepContext context) {
    context.set(0, context.input(0));
    if (context.outputs() > 1 && context.wants(1)) {
      ones(context.output(1));
    }
  }

  /** Sets every element of a tensor of any floating-point type, or a boolean one, to one. */
  static void ones(Tensor tensor) {
    Fill.with(tensor, Conversion.scalar(1, tensor.type()));
  }
}
