package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/** The number of elements, a scalar. */
public record Size() implements Operator {
  static Size of(Attributes attributes) {
    return new Size();
  }

  @Override
  public String type() {
    return "Size";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape shape = context.shape(0);
    return List.of(
        shape.hasRank()
            ? ValueInfo.ofContents(ElementType.INT64, true, List.of(shape.size()))
            : ValueInfo.of(ElementType.INT64, Shape.SCALAR));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.all(BatchAxis.SIZE);
  }

  @Override
  public boolean readsElements(int input) {
    return false;
  }

  @Override
  public Step prepare(Preparation preparation) {
    return context -> {
      LongTensor output = (LongTensor) context.output(0);
      output.array()[output.offset()] = context.input(0).size();
    };
  }
}
