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
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The distinct elements, or the distinct slices along an axis, ascending or in the order in which
 * they come; and for each where it first is, for each of the input which it is, and how often each
 * is there.
 */
public final class Unique implements Operator {
  private final boolean flat;
  private final long axis;
  private final boolean sorted;

  private Unique(Attributes attributes) {
    this.flat = !attributes.has("axis");
    this.axis = attributes.integer("axis", 0);
    this.sorted = attributes.flag("sorted", true);
  }

  static Unique of(Attributes attributes) {
    return new Unique(attributes);
  }

  @Override
  public String type() {
    return "Unique";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType element = context.element(0);
    Shape from = context.shape(0);
    Dim count = context.fresh();
    Shape distinct = Shape.of(count);
    Dim all = context.fresh();
    if (from.hasRank()) {
      int along = flat ? 0 : context.axis(axis, from.rank());
      distinct = flat ? distinct : from.with(along, count);
      all = flat ? from.size() : from.dim(along);
    } else if (!flat) {
      distinct = Shape.UNKNOWN;
    }
    return List.of(
        ValueInfo.of(element, distinct),
        ValueInfo.of(ElementType.INT64, Shape.of(count)),
        ValueInfo.of(ElementType.INT64, Shape.of(all)),
        ValueInfo.of(ElementType.INT64, Shape.of(count)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return context.coupled("compares rows");
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    Tensor input = flat ? context.input(0).reshaped(context.input(0).size()) : context.input(0);
    int along = flat ? 0 : (int) (axis < 0 ? axis + input.rank() : axis);
    DistinctSlices slices = DistinctSlices.of(input, along, sorted);
    if (context.wants(0)) {
      values(context, input, along, slices.first());
    }
    write(context, 1, slices.first());
    write(context, 2, slices.which());
    write(context, 3, slices.counts());
  }

  private static void values(StepContext context, Tensor input, int along, int[] first) {
    int[] dims = input.dims();
    dims[along] = first.length;
    int run = Runs.length(input, along);
    int[] positions = IntStream.of(first).map(i -> i * run).toArray();
    if (input.type() == ElementType.STRING) {
      Tensor[] strings = {input};
      Tensor numbers = Tensor.allocate(ElementType.INT32, dims);
      Runs.take(StringIndices.number(strings)[0], along, positions, positions.length, numbers);
      context.set(0, StringIndices.pick(strings, numbers));
    } else {
      Runs.take(input, along, positions, positions.length, context.output(0, dims));
    }
  }

  private static void write(StepContext context, int index, int[] numbers) {
    if (index < context.outputs() && context.wants(index)) {
      LongTensor output = (LongTensor) context.output(index, numbers.length);
      for (int i = 0; i < numbers.length; i++) {
        output.array()[output.offset() + i] = numbers[i];
      }
    }
  }
}
