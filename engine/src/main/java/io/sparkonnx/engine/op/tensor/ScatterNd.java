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
import java.util.ArrayList;
import java.util.List;

/**
 * Input 0 with the slices of input 2 put in, or combined with those there, at the index tuples
 * along the last axis of input 1.
 */
public record ScatterNd(Reduction reduction) implements Operator {
  static ScatterNd of(Attributes attributes) {
    return new ScatterNd(Reduction.of(attributes));
  }

  @Override
  public String type() {
    return "ScatterND";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    context.require(1, ElementType.INT64);
    ElementType element = context.requireSame(0, 2);
    reduction.check(context, element);
    Shape data = context.shape(0);
    Shape indices = context.shape(1);
    Shape updates = context.shape(2);
    if (data.isConstant() && indices.isConstant() && updates.isConstant()) {
      int tuple = IndexTuples.length(context, data, indices, 0);
      List<Dim> expected = new ArrayList<>(indices.dims().subList(0, indices.rank() - 1));
      expected.addAll(data.dims().subList(tuple, data.rank()));
      if (!updates.dims().equals(expected)) {
        throw context.error("updates are " + updates + ", expected " + expected);
      }
    }
    return List.of(ValueInfo.of(element, data));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis data = context.axis(0);
    BatchAxis updates = context.axis(2);
    Shape indices = context.input(1).shape();
    boolean known =
        indices.hasRank()
            && indices.dim(indices.rank() - 1).isConstant()
            && context.input(2).shape().hasRank();
    if (!known || !data.isRows() || !context.axis(1).isShared() || !updates.isRows()) {
      return context.coupled("puts slices into other rows");
    }
    int tuple = (int) indices.dim(indices.rank() - 1).value();
    boolean beside =
        data.axis() >= tuple && updates.axis() == indices.rank() - 1 + data.axis() - tuple;
    return beside ? context.all(data) : context.coupled("puts slices into other rows");
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
    IndexTuples tuples = IndexTuples.of(context, output, context.input(1), 0);
    reduction.scatter(updates, 0, output, tuples.positions(), tuples.count(), tuples.run());
  }
}
