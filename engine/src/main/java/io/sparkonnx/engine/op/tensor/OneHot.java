package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds an axis of {@code depth} elements (input 1) that are all off but the one that the index of
 * input 0 names; input 2 holds the off and the on value. Indices outside leave all off.
 *
 * @param fromEnd whether negative indices count from the end (from opset 11)
 */
public record OneHot(long axis, boolean fromEnd) implements Operator {
  static OneHot of(Attributes attributes) {
    return new OneHot(attributes.integer("axis", -1), false);
  }

  static OneHot fromEnd(Attributes attributes) {
    return new OneHot(attributes.integer("axis", -1), true);
  }

  @Override
  public String type() {
    return "OneHot";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    Shape indices = context.shape(0);
    if (!indices.hasRank()) {
      return List.of(ValueInfo.of(context.element(2), Shape.UNKNOWN));
    }
    List<Dim> depth = Integers.symbolic(context, 1);
    Dim added = depth == null ? context.fresh() : depth.get(0);
    if (added.isConstant() && added.value() < 0) {
      throw context.error("depth is " + added);
    }
    List<Dim> dims = new ArrayList<>(indices.dims());
    dims.add(context.axis(axis, indices.rank() + 1), added);
    return List.of(ValueInfo.of(context.element(2), Shape.of(dims)));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    BatchAxis rows = context.axis(0);
    if (!rows.isRows() || !context.sharedFrom(1)) {
      return context.coupled("the depth or the values depend on the batch");
    }
    int rank = context.input(0).shape().rank() + 1;
    long added = axis < 0 ? axis + rank : axis;
    return context.all(BatchAxis.rows(rows.axis() < added ? rows.axis() : rows.axis() + 1));
  }

  @Override
  public Step prepare(Preparation preparation) {
    return Movement.step(
        this, (context, data, outputs) -> encode(context.input(0), data[0], outputs[0]), 2);
  }

  private void encode(Tensor indices, Tensor values, Tensor output) {
    int width = output.type().width();
    Fill.with(output, values.view(values.offset()));
    int added = (int) (axis < 0 ? axis + output.rank() : axis);
    int depth = output.dim(added);
    int inner = 1;
    for (int i = added + 1; i < output.rank(); i++) {
      inner *= output.dim(i);
    }
    for (int i = 0; i < indices.size(); i++) {
      long index = indices.longAt(i);
      long place = fromEnd && index < 0 ? index + depth : index;
      if (place >= 0 && place < depth) {
        int at = (i / inner * depth + (int) place) * inner + i % inner;
        System.arraycopy(
            values.array(),
            values.offset() + width,
            output.array(),
            output.offset() + at * width,
            width);
      }
    }
  }
}
