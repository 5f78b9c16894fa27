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
 * Slices of input 0 at the index tuples along the last axis of input 1; the first {@code batchDims}
 * axes of both belong together.
 */
public record GatherNd(int batchDims) implements Operator {
  static GatherNd of(Attributes attributes) {
    return new GatherNd((int) attributes.integer("batch_dims", 0));
  }

  @Override
  public String type() {
    return "GatherND";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    context.require(1, ElementType.INT64);
    Shape data = context.shape(0);
    Shape indices = context.shape(1);
    boolean known = data.hasRank() && indices.hasRank() && indices.rank() > 0;
    if (!known || !indices.dim(indices.rank() - 1).isConstant()) {
      return List.of(ValueInfo.of(context.element(0), Shape.UNKNOWN));
    }
    int tuple = IndexTuples.length(context, data, indices, batchDims);
    List<Dim> dims = new ArrayList<>(indices.dims().subList(0, indices.rank() - 1));
    dims.addAll(data.dims().subList(batchDims + tuple, data.rank()));
    return List.of(ValueInfo.of(context.element(0), Shape.of(dims)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis data = context.axis(0);
    BatchAxis indices = context.axis(1);
    Shape to = context.input(1).shape();
    if (!data.isRows() && !indices.isRows()) {
      return context.all(BatchAxis.SIZE);
    }
    if (!context.output(0).shape().hasRank()) {
      return context.coupled("a shape of unknown rank");
    }
    if (data.isShared() && indices.axis() >= batchDims && indices.axis() < to.rank() - 1) {
      return context.all(indices);
    }
    if (data.isRows() && indices.isRows()) {
      return data.axis() == indices.axis() && data.axis() < batchDims
          ? context.all(data)
          : context.coupled("rows pick rows");
    }
    int tuple = (int) to.dim(to.rank() - 1).value();
    boolean beside = data.isRows() && indices.isShared() && data.axis() >= batchDims + tuple;
    return beside
        ? context.all(BatchAxis.rows(to.rank() - 1 + data.axis() - batchDims - tuple))
        : context.coupled("picks along the batch axis");
  }

  @Override
  public Step prepare(Preparation preparation) {
    return Movement.step(this, (context, data, outputs) -> gather(context, data[0], outputs[0]), 0);
  }

  private void gather(StepContext context, Tensor input, Tensor output) {
    IndexTuples tuples = IndexTuples.of(context, input, context.input(1), batchDims);
    Runs.gather(
        input.type(),
        input.array(),
        input.offset(),
        tuples.positions(),
        tuples.count(),
        tuples.run(),
        output.array(),
        output.offset());
  }
}
