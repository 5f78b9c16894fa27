package io.sparkonnx.engine.op.tensor;

import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import java.util.Locale;

/**
 * The slices that index tuples mean.
 *
 * @param positions first element of each slice
 * @param count number of slices
 * @param run elements of a slice
 */
record IndexTuples(int[] positions, int count, int run) {

  /** The length of the tuples, checked against the data. */
  static int length(InferenceContext context, Shape data, Shape indices, int batchDims) {
    int tuple = Math.toIntExact(indices.dim(indices.rank() - 1).value());
    if (tuple + batchDims > data.rank() || batchDims >= indices.rank()) {
      throw context.error(
          String.format(
              Locale.ROOT,
              "index tuples of %d for data %s with %d batch axes",
              tuple,
              data,
              batchDims));
    }
    return tuple;
  }

  /** Positions are in scratch memory until somebody asks for that again. */
  static IndexTuples of(StepContext context, Tensor data, Tensor indices, int batchDims) {
    int tuple = indices.dim(indices.rank() - 1);
    int[] strides = StridedCopy.strides(data.dims());
    int count = 1;
    for (int i = 0; i < indices.rank() - 1; i++) {
      count *= indices.dim(i);
    }
    int batches = 1;
    for (int i = 0; i < batchDims; i++) {
      batches *= data.dim(i);
    }
    int batchSize = data.size() / Math.max(1, batches);
    int perBatch = Math.max(1, count / Math.max(1, batches));
    int run = 1;
    for (int i = batchDims + tuple; i < data.rank(); i++) {
      run *= data.dim(i);
    }
    int[] positions = context.scratch().ints(count);
    for (int i = 0; i < count; i++) {
      int position = i / perBatch * batchSize;
      for (int j = 0; j < tuple; j++) {
        int axis = batchDims + j;
        position +=
            Indices.inside(context, indices.longAt(i * tuple + j), data.dim(axis)) * strides[axis];
      }
      positions[i] = position;
    }
    return new IndexTuples(positions, count, run);
  }
}
