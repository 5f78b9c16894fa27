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
 * Input 0 with the elements of input 2 put in, or combined with those there, at the places that the
 * indices of input 1 mean along one axis. Until opset 11 it is called Scatter.
 */
public final class ScatterElements implements Operator {
  private final String name;
  private final long axis;
  private final Reduction reduction;

  private ScatterElements(String name, Attributes attributes) {
    this.name = name;
    this.axis = attributes.integer("axis", 0);
    this.reduction = Reduction.of(attributes);
  }

  static ScatterElements scatter(Attributes attributes) {
    return new ScatterElements("Scatter", attributes);
  }

  static ScatterElements of(Attributes attributes) {
    return new ScatterElements("ScatterElements", attributes);
  }

  @Override
  public String type() {
    return name;
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    context.require(1, ElementType.INT32, ElementType.INT64);
    ElementType element = context.requireSame(0, 2);
    reduction.check(context, element);
    ElementPositions.check(context, axis, context.shape(0), context.shape(1));
    Shape indices = context.shape(1);
    Shape updates = context.shape(2);
    if (indices.isConstant() && updates.isConstant() && !indices.equals(updates)) {
      throw context.error("indices are " + indices + " but updates are " + updates);
    }
    return List.of(ValueInfo.of(element, context.shape(0)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis data = context.axis(0);
    Shape from = context.input(0).shape();
    if (!data.isRows() || !context.input(1).shape().hasRank()) {
      return context.coupled("puts rows into what is no batch");
    }
    boolean together =
        context.axis(1).equals(data)
            && context.axis(2).equals(data)
            && context.input(1).shape().dim(data.axis()).equals(from.dim(data.axis()));
    return together && data.axis() != (axis < 0 ? axis + from.rank() : axis)
        ? context.all(data)
        : context.coupled("puts elements into other rows");
  }

  @Override
  public boolean canOverwrite(int input) {
    return input == 0;
  }

  @Override
  public Step prepare(Preparation preparation) {
    return Movement.step(
        this, (context, data, outputs) -> scatter(context, data[0], data[1], outputs[0]), 0, 2);
  }

  private void scatter(StepContext context, Tensor data, Tensor updates, Tensor output) {
    Runs.copy(data, output);
    ElementPositions.each(
        context,
        axis,
        output,
        context.input(1),
        (first, positions, count) ->
            reduction.scatter(updates, first, output, positions, count, 1));
  }
}
