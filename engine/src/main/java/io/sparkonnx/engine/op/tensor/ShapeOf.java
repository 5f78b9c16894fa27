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
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * ONNX's Shape: the lengths of the axes from {@code start} to before {@code end}; negative ones
 * count from the end, and both are clamped to the rank.
 *
 * @param end {@link Long#MAX_VALUE} for the last axis included
 */
public record ShapeOf(long start, long end) implements Operator {
  static ShapeOf of(Attributes attributes) {
    return new ShapeOf(attributes.integer("start", 0), attributes.integer("end", Long.MAX_VALUE));
  }

  @Override
  public String type() {
    return "Shape";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape shape = context.shape(0);
    if (!shape.hasRank()) {
      return List.of(ValueInfo.of(ElementType.INT64, context.freshShape(1)));
    }
    int from = clamp(start, shape.rank());
    int to = Math.max(from, clamp(end, shape.rank()));
    return List.of(ValueInfo.ofContents(ElementType.INT64, false, shape.dims().subList(from, to)));
  }

  private static int clamp(long axis, int rank) {
    return (int) Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
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
      Tensor input = context.input(0);
      int from = clamp(start, input.rank());
      int to = Math.max(from, clamp(end, input.rank()));
      LongTensor output = (LongTensor) context.output(0);
      for (int i = from; i < to; i++) {
        output.array()[output.offset() + i - from] = input.dim(i);
      }
    };
  }
}
