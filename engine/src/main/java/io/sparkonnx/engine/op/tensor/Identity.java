package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/** Its input: a tensor, or (from opset 14) a sequence, or (from 16) an optional. */
public record Identity() implements Operator {
  static Identity of(Attributes attributes) {
    return new Identity();
  }

  @Override
  public String type() {
    return "Identity";
  }

  @Override
  public int viewOf(int output) {
    return 0;
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    return List.of(context.input(0));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.all(context.axis(0));
  }

  @Override
  public Step prepare(Preparation preparation) {
    return context -> context.set(0, context.value(0));
  }
}
