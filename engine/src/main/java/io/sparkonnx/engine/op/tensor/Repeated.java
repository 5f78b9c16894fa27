package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.type.Shape;
import java.util.List;

/** The batch rule of operators that repeat input 0 along its axes as input 1 says. */
final class Repeated {
  private Repeated() {}

  static List<BatchAxis> batch(BatchContext context) {
    BatchAxis data = context.axis(0);
    Shape from = context.input(0).shape();
    Shape to = context.output(0).shape();
    if (context.axis(1).isRows()) {
      return context.coupled("the shape depends on the rows' values");
    }
    if (!from.hasRank() || !to.hasRank()) {
      return context.coupled("a shape of unknown rank");
    }
    int missing = to.rank() - from.rank();
    if (data.isRows()) {
      int axis = data.axis() + missing;
      return to.dim(axis).equals(from.dim(data.axis()))
          ? context.all(BatchAxis.rows(axis))
          : context.coupled("repeats the batch axis");
    }
    BatchAxis repeated = context.bySize(0);
    if (!repeated.isRows()) {
      return context.all(repeated.isShared() ? data : repeated);
    }
    if (!data.isShared()) {
      return context.coupled("each row holds the number of rows");
    }
    int axis = repeated.axis() - missing;
    boolean alike = axis < 0 || context.nonEmpty(from.dim(axis)).is(1);
    return alike ? context.all(repeated) : context.coupled("a constant fills the batch");
  }
}
