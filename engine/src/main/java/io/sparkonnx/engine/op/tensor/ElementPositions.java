package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;

/**
 * Where the elements lie that a tensor of indices means: along one axis at the index, along the
 * others where the index itself is.
 */
final class ElementPositions {
  /** Takes the positions of neighbouring indices. */
  @FunctionalInterface
  interface Row {
    /**
     * @param first number of the first index
     * @param positions elements of the data, one for each of {@code count} indices
     */
    void take(int first, int[] positions, int count);
  }

  private ElementPositions() {}

  /** Checks that indices fit into the data beside the axis. */
  static void check(InferenceContext context, long axis, Shape data, Shape indices) {
    if (!data.hasRank() || !indices.hasRank()) {
      return;
    }
    if (data.rank() != indices.rank() || data.rank() == 0) {
      throw context.error("indices are " + indices + " but the data is " + data);
    }
    int along = context.axis(axis, data.rank());
    for (int i = 0; i < data.rank(); i++) {
      Dim room = data.dim(i);
      Dim needed = indices.dim(i);
      if (i != along && room.isConstant() && needed.isConstant() && needed.value() > room.value()) {
        throw context.error("indices are " + indices + " but the data is " + data);
      }
    }
  }

  /** Hands over all positions, a row of the last axis at a time. */
  static void each(StepContext context, long axis, Tensor data, Tensor indices, Row row) {
    if (indices.size() == 0) {
      return;
    }
    int rank = data.rank();
    int along = (int) (axis < 0 ? axis + rank : axis);
    int[] strides = StridedCopy.strides(data.dims());
    int columns = indices.dim(rank - 1);
    int step = along == rank - 1 ? 0 : 1;
    int[] positions = context.scratch().ints(columns);
    int[] index = new int[rank];
    for (int first = 0; first < indices.size(); first += columns) {
      int base = 0;
      for (int i = 0; i < rank - 1; i++) {
        base += i == along ? 0 : index[i] * strides[i];
      }
      for (int i = 0; i < columns; i++) {
        int pick = Indices.inside(context, indices.longAt(first + i), data.dim(along));
        positions[i] = base + i * step + pick * strides[along];
      }
      row.take(first, positions, columns);
      for (int i = rank - 2; i >= 0 && ++index[i] == indices.dim(i); i--) {
        index[i] = 0;
      }
    }
  }
}
