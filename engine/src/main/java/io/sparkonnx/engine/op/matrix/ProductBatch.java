package io.sparkonnx.engine.op.matrix;

import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import java.util.List;

/** Where the batch is in A·B with leading axes broadcast. */
final class ProductBatch {
  private ProductBatch() {}

  static List<BatchAxis> of(BatchContext context) {
    BatchAxis left = context.axis(0);
    BatchAxis right = context.axis(1);
    if (!context.sharedFrom(2)) {
      return context.coupled("an input beside the factors depends on the batch");
    }
    if (!left.isRows() && !right.isRows()) {
      return context.all(left.isShared() ? right : left);
    }
    if (left.kind() == BatchAxis.Kind.SIZE || right.kind() == BatchAxis.Kind.SIZE) {
      return context.coupled("a row is multiplied with the number of rows");
    }
    Shape a = context.input(0).shape();
    Shape b = context.input(1).shape();
    if (!a.hasRank() || !b.hasRank()) {
      return context.coupled("a shape of unknown rank");
    }
    int rank = context.output(0).shape().rank();
    if (left.isRows() && left.axis() == a.rank() - 1) {
      return context.coupled("the product sums over the batch axis of A");
    }
    if (right.isRows() && right.axis() == Math.max(0, b.rank() - 2)) {
      return context.coupled("the product sums over the batch axis of B");
    }
    if (!right.isRows() && left.axis() == a.rank() - 2) {
      return context.all(BatchAxis.rows(b.rank() == 1 ? rank - 1 : rank - 2));
    }
    if (!left.isRows() && right.axis() == b.rank() - 1) {
      return context.all(BatchAxis.rows(rank - 1));
    }
    return leading(context, left, right, a, b);
  }

  /** The batch is a leading axis of both factors or of one. */
  private static List<BatchAxis> leading(
      BatchContext context, BatchAxis left, BatchAxis right, Shape a, Shape b) {
    int fromLeft = left.isRows() ? a.rank() - left.axis() : 0;
    int fromRight = right.isRows() ? b.rank() - right.axis() : 0;
    boolean matrixAxis = (left.isRows() && fromLeft <= 2) || (right.isRows() && fromRight <= 2);
    if (matrixAxis || (left.isRows() && right.isRows() && fromLeft != fromRight)) {
      return context.coupled("the factors have the batch at different axes");
    }
    int fromEnd = Math.max(fromLeft, fromRight);
    Dim rows = left.isRows() ? a.dim(left.axis()) : b.dim(right.axis());
    for (Shape other : List.of(a, b)) {
      BatchAxis axis = other == a ? left : right;
      int at = other.rank() - fromEnd;
      Dim length = at < 0 ? Dim.ONE : other.dim(at);
      if (axis.isRows() ? !length.equals(rows) : !length.is(1)) {
        return context.coupled("the batch axis is broadcast");
      }
    }
    int missing = (a.rank() == 1 || b.rank() == 1) ? 1 : 0;
    int rank = context.output(0).shape().rank();
    return context.all(BatchAxis.rows(rank + missing - fromEnd));
  }
}
