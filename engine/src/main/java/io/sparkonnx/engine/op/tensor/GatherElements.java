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
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;

/**
 * For every index of input 1, the element of input 0 whose place along the axis is that index and
 * along the other axes the index's own.
 */
public record GatherElements(long axis) implements Operator {
  static GatherElements of(Attributes attributes) {
    return new GatherElements(attributes.integer("axis", 0));
  }

  @Override
  public String type() {
    return "GatherElements";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    context.require(1, ElementType.INT32, ElementType.INT64);
    ElementPositions.check(context, axis, context.shape(0), context.shape(1));
    return List.of(ValueInfo.of(context.element(0), context.shape(1)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis data = context.axis(0);
    BatchAxis indices = context.axis(1);
    Shape from = context.input(0).shape();
    Shape to = context.input(1).shape();
    if (!data.isRows() && !indices.isRows()) {
      return context.all(BatchAxis.SIZE);
    }
    if (!from.hasRank() || !to.hasRank()) {
      return context.coupled("a shape of unknown rank");
    }
    long along = axis < 0 ? axis + from.rank() : axis;
    if (data.isShared()) {
      return indices.axis() == along
          ? context.all(indices)
          : context.coupled("each row picks from its own place in a constant");
    }
    boolean together =
        data.isRows()
            && indices.isRows()
            && data.axis() == indices.axis()
            && to.dim(data.axis()).equals(from.dim(data.axis()));
    return together && data.axis() != along ? context.all(data) : context.coupled("rows pick rows");
  }

  @Override
  public Step prepare(Preparation preparation) {
    return Movement.step(this, (context, data, outputs) -> gather(context, data[0], outputs[0]), 0);
  }

  private void gather(StepContext context, Tensor input, Tensor output) {
    int width = input.type().width();
    ElementPositions.each(
        context,
        axis,
        input,
        context.input(1),
        (first, positions, count) ->
            Runs.gather(
                input.type(),
                input.array(),
                input.offset(),
                positions,
                count,
                1,
                output.array(),
                output.offset() + first * width));
  }
}
