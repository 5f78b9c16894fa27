package io.sparkonnx.engine.op.generate;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.tensor.Fill;
import io.sparkonnx.engine.op.tensor.Integers;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Collections;
import java.util.List;

/**
 * A tensor of the shape that input 0 says, filled with one value.
 *
 * @param value one element; a float zero where the model says nothing
 */
public record ConstantOfShape(Tensor value) implements Operator {
  static ConstantOfShape of(Attributes attributes) {
    Tensor value = attributes.tensor("value");
    if (value == null) {
      return new ConstantOfShape(Tensor.of(new float[1], 1));
    }
    if (value.size() != 1) {
      throw attributes.error("value has " + value.size() + " elements, expected one");
    }
    return new ConstantOfShape(value);
  }

  @Override
  public String type() {
    return "ConstantOfShape";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    List<Dim> dims = Integers.symbolic(context, 0);
    if (dims == null) {
      Shape given = context.shape(0);
      boolean known = given.hasRank() && given.rank() == 1 && given.dim(0).isConstant();
      Shape shape = known ? context.freshShape((int) given.dim(0).value()) : Shape.UNKNOWN;
      return List.of(ValueInfo.of(value.type(), shape));
    }
    for (Dim dim : dims) {
      if (dim.isConstant() && dim.value() < 0) {
        throw context.error("the shape " + dims + " has a negative dimension");
      }
    }
    Shape shape = Shape.of(dims);
    List<Dim> element = ValueInfo.contentsOf(value.reshaped(1));
    boolean small =
        shape.rank() <= 1 && shape.isConstant() && shape.size().value() <= ValueInfo.MAX_CONTENTS;
    return List.of(
        element != null && small
            ? ValueInfo.ofContents(
                value.type(),
                shape.rank() == 0,
                Collections.nCopies((int) shape.size().value(), element.get(0)))
            : ValueInfo.of(value.type(), shape));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    return List.of(
        context.axis(0).isRows()
            ? BatchAxis.coupled(type() + " has a shape that depends on the rows' values")
            : context.bySize(0));
  }

  @Override
  public Step prepare(Preparation preparation) {
    return context -> Fill.with(context.output(0), value);
  }
}
