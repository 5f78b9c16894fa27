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
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The slices of input 0 along an axis for which input 1 is true; without an axis, elements of the
 * flattened input. The condition may be shorter than the axis; the rest is left out.
 */
public final class Compress implements Operator {
  private final boolean flat;
  private final long axis;

  private Compress(Attributes attributes) {
    this.flat = !attributes.has("axis");
    this.axis = attributes.integer("axis", 0);
  }

  static Compress of(Attributes attributes) {
    return new Compress(attributes);
  }

  @Override
  public String type() {
    return "Compress";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    context.require(1, ElementType.BOOL);
    Shape from = context.shape(0);
    Tensor condition = context.constant(1);
    if (!flat && !from.hasRank()) {
      return List.of(ValueInfo.of(context.element(0), Shape.UNKNOWN));
    }
    Dim count = condition == null ? context.fresh() : Dim.of(picked(condition).length);
    Shape shape = flat ? Shape.of(count) : from.with(context.axis(axis, from.rank()), count);
    return List.of(ValueInfo.of(context.element(0), shape));
  }

  private static int[] picked(Tensor condition) {
    return IntStream.range(0, condition.size()).filter(i -> condition.longAt(i) != 0).toArray();
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    Shape from = context.input(0).shape();
    if (flat || !from.hasRank()) {
      return context.coupled("picks elements across rows");
    }
    return context.keepsAxis((int) (axis < 0 ? axis + from.rank() : axis));
  }

  @Override
  public Step prepare(Preparation preparation) {
    return Movement.step(this, (context, data, outputs) -> pick(context, data[0], outputs[0]), 0);
  }

  private void pick(StepContext context, Tensor input, Tensor output) {
    int[] picked = picked(context.input(1));
    Tensor data = flat ? input.reshaped(input.size()) : input;
    int along = flat ? 0 : (int) (axis < 0 ? axis + data.rank() : axis);
    int length = data.dim(along);
    if (picked.length > 0 && picked[picked.length - 1] >= length) {
      throw context.error(
          "the condition picks " + picked[picked.length - 1] + " of an axis of " + length);
    }
    int run = Runs.length(data, along);
    int[] positions = IntStream.of(picked).map(i -> i * run).toArray();
    Runs.take(data, along, positions, positions.length, output);
  }
}
