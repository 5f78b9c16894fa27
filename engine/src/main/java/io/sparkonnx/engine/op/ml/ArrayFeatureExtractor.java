package io.sparkonnx.engine.op.ml;

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
 * ArrayFeatureExtractor: the elements of X[…, C] along its last axis at the positions that Y holds,
 * taken as a list. The result is [1, size of Y] for X[C].
 */
record ArrayFeatureExtractor() implements Operator {

  static ArrayFeatureExtractor of(Attributes attributes) {
    return new ArrayFeatureExtractor();
  }

  @Override
  public String type() {
    return "ArrayFeatureExtractor";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    ElementType type =
        context.require(
            0,
            ElementType.FLOAT,
            ElementType.DOUBLE,
            ElementType.INT64,
            ElementType.INT32,
            ElementType.STRING);
    context.require(1, ElementType.INT64);
    Shape x = context.shape(0);
    Shape y = context.shape(1);
    if (x.hasRank() && x.rank() == 0) {
      throw context.error("X is a scalar, expected at least one axis");
    }
    long[] positions = context.constantContents(1);
    if (positions != null && x.hasRank() && x.dim(x.rank() - 1).isConstant()) {
      long columns = x.dim(x.rank() - 1).value();
      for (long position : positions) {
        if (position < 0 || position >= columns) {
          throw context.error(outside(position, columns));
        }
      }
    }
    if (!x.hasRank()) {
      return List.of(ValueInfo.of(type, Shape.UNKNOWN));
    }
    List<Dim> dims = new ArrayList<>(x.dims().subList(0, x.rank() - 1));
    if (dims.isEmpty()) {
      dims.add(Dim.ONE);
    }
    dims.add(y.hasRank() ? y.size() : context.fresh());
    return List.of(ValueInfo.of(type, Shape.of(dims)));
  }

  private static String outside(long position, long columns) {
    return "position " + position + " is outside a last axis of " + columns;
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    Shape x = context.input(0).shape();
    Shape y = context.input(1).shape();
    if (!x.hasRank()) {
      return context.coupled("a shape of unknown rank");
    }
    BatchAxis positions = context.axis(1);
    if (!positions.isRows()) {
      return context.keepsAxis(x.rank() - 1);
    }
    boolean outermost = y.hasRank() && y.product(0, positions.axis()).is(1);
    if (!context.axis(0).isShared() || !outermost) {
      return context.coupled("rows pick rows");
    }
    return context.all(BatchAxis.rows(Math.max(1, x.rank() - 1)));
  }

  @Override
  public Step prepare(Preparation preparation) {
    return ArrayFeatureExtractor::run;
  }

  private static void run(StepContext context) {
    Tensor x = context.input(0);
    Tensor y = context.input(1);
    int columns = x.dim(x.rank() - 1);
    int count = y.size();
    int outer = columns == 0 ? 0 : x.size() / columns;
    int[] dims = x.rank() == 1 ? new int[2] : x.dims();
    dims[0] = x.rank() == 1 ? 1 : dims[0];
    dims[dims.length - 1] = count;
    int[] indices = context.scratch().ints(Math.multiplyExact(outer, count));
    for (int i = 0; i < count; i++) {
      long position = y.longAt(i);
      if (position < 0 || position >= columns) {
        throw context.error(outside(position, columns));
      }
      for (int j = 0; j < outer; j++) {
        indices[j * count + i] = j * columns + (int) position;
      }
    }
    Picking.write(context, 0, x, indices, dims);
  }
}
