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
 * Reverses along one axis the first elements of each sequence, as many as input 1 says; the axes of
 * time and batch are the first two.
 */
public record ReverseSequence(int timeAxis, int batchAxis) implements Operator {
  static ReverseSequence of(Attributes attributes) {
    long time = attributes.integer("time_axis", 0);
    long batch = attributes.integer("batch_axis", 1);
    if (time + batch != 1 || time * batch != 0) {
      throw attributes.error(
          "time_axis is " + time + " and batch_axis " + batch + ", expected 0 and 1 or 1 and 0");
    }
    return new ReverseSequence((int) time, (int) batch);
  }

  @Override
  public String type() {
    return "ReverseSequence";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    context.require(1, ElementType.INT64);
    Shape shape = context.shape(0);
    if (shape.hasRank() && shape.rank() < 2) {
      throw context.error("input is " + shape + ", expected at least two dimensions");
    }
    return List.of(ValueInfo.of(context.element(0), shape));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis data = context.axis(0);
    boolean own = data.isRows() && data.axis() == batchAxis && context.axis(1).isRows();
    boolean inner = data.isRows() && data.axis() > 1 && context.axis(1).isShared();
    return own || inner ? context.all(data) : context.coupled("reverses the batch axis");
  }

  @Override
  public Step prepare(Preparation preparation) {
    return Movement.step(
        this, (context, data, outputs) -> reverse(context, data[0], outputs[0]), 0);
  }

  private void reverse(StepContext context, Tensor input, Tensor output) {
    int width = input.type().width();
    int[] strides = StridedCopy.strides(input.dims());
    int run = strides[1] * width;
    for (int b = 0; b < input.dim(batchAxis); b++) {
      long length = context.input(1).longAt(b);
      if (length < 0 || length > input.dim(timeAxis)) {
        throw context.error(
            "sequence " + b + " has length " + length + " of at most " + input.dim(timeAxis));
      }
      for (int t = 0; t < input.dim(timeAxis); t++) {
        int source = t < length ? (int) length - 1 - t : t;
        int base = b * strides[batchAxis];
        System.arraycopy(
            input.array(),
            input.offset() + (base + source * strides[timeAxis]) * width,
            output.array(),
            output.offset() + (base + t * strides[timeAxis]) * width,
            run);
      }
    }
  }
}
