package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What operators share that only give input 0 another shape. */
final class Views {
  private Views() {}

  /** Input 0's type in another shape, with its contents where that shape still has them. */
  static ValueInfo info(InferenceContext context, Shape shape) {
    boolean keeps = shape.hasRank() && shape.rank() <= 1;
    List<Dim> contents = keeps ? context.contents(0) : null;
    return new ValueInfo(new TensorType(context.element(0), shape), contents, null);
  }

  /** Input 0's elements in another shape. */
  static Tensor of(StepContext context, int... dims) {
    Tensor tensor = context.input(0);
    long size = 1;
    for (int dim : dims) {
      size *= dim;
    }
    if (size != tensor.size()) {
      throw context.error(
          String.format(
              Locale.ROOT,
              "the %d elements of %s do not fill the shape %s",
              tensor.size(),
              tensor.dimsString(),
              Arrays.toString(dims)));
    }
    return tensor.reshaped(dims);
  }
}
