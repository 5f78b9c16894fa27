package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.DevicePreparation;
import io.sparkonnx.engine.op.DeviceStep;
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
import java.util.ArrayList;
import java.util.List;

/**
 * Slices of input 0 along an axis, picked by the indices in input 1: the axis is replaced by the
 * indices' shape. Negative indices count from the end.
 */
public record Gather(long axis) implements Operator {
  static Gather of(Attributes attributes) {
    return new Gather(attributes.integer("axis", 0));
  }

  @Override
  public String type() {
    return "Gather";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    context.require(1, ElementType.INT32, ElementType.INT64);
    ElementType element = context.element(0);
    Shape from = context.shape(0);
    Shape indices = context.shape(1);
    if (!from.hasRank() || !indices.hasRank()) {
      return List.of(ValueInfo.of(element, Shape.UNKNOWN));
    }
    int along = context.axis(axis, from.rank());
    List<Dim> dims = new ArrayList<>(from.dims().subList(0, along));
    dims.addAll(indices.dims());
    dims.addAll(from.dims().subList(along + 1, from.rank()));
    List<Dim> contents = context.contents(0);
    long[] picks = context.constantContents(1);
    if (contents == null || picks == null || from.rank() != 1) {
      return List.of(ValueInfo.of(element, Shape.of(dims)));
    }
    List<Dim> picked = new ArrayList<>();
    for (long pick : picks) {
      if (pick < -contents.size() || pick >= contents.size()) {
        throw context.error("index " + pick + " is outside an axis of " + contents.size());
      }
      picked.add(contents.get((int) (pick < 0 ? pick + contents.size() : pick)));
    }
    return List.of(ValueInfo.ofContents(element, indices.rank() == 0, picked));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis data = context.axis(0);
    BatchAxis indices = context.axis(1);
    if (!data.isRows() && !indices.isRows()) {
      return context.all(BatchAxis.SIZE);
    }
    int rank = context.input(0).shape().hasRank() ? context.input(0).shape().rank() : 0;
    int along = (int) (axis < 0 ? axis + rank : axis);
    if (data.isShared() && rank > 0) {
      return context.all(BatchAxis.rows(along + indices.axis()));
    }
    if (!indices.isShared() || !context.input(1).shape().hasRank()) {
      return context.coupled("rows pick rows");
    }
    if (data.axis() == along) {
      return context.coupled("picks along the batch axis");
    }
    int added = context.input(1).shape().rank() - 1;
    return context.all(BatchAxis.rows(data.axis() < along ? data.axis() : data.axis() + added));
  }

  @Override
  public boolean readsOnHost(int input) {
    return input == 1;
  }

  @Override
  public DeviceStep prepareOn(DevicePreparation preparation) {
    return DeviceGather.prepare(axis, preparation);
  }

  @Override
  public Step prepare(Preparation preparation) {
    return Movement.step(this, (context, data, outputs) -> gather(context, data[0], outputs[0]), 0);
  }

  private void gather(StepContext context, Tensor input, Tensor output) {
    int along = (int) (axis < 0 ? axis + input.rank() : axis);
    Tensor indices = context.input(1);
    int run = Runs.length(input, along);
    int[] positions = context.scratch().ints(indices.size());
    for (int i = 0; i < indices.size(); i++) {
      positions[i] = Indices.inside(context, indices.longAt(i), input.dim(along)) * run;
    }
    Runs.take(input, along, positions, indices.size(), output);
  }
}
