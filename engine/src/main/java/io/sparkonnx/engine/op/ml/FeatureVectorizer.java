package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.Operator;
import io.sparkonnx.engine.op.Preparation;
import io.sparkonnx.engine.op.Step;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * FeatureVectorizer: the columns of all inputs side by side as floats. Inputs are [N, …], axes
 * behind the first being columns, or [C] for one row. An input with more columns than said is cut,
 * one with fewer is filled up with zeros.
 *
 * @param widths columns taken from each input; null for all that it has
 */
record FeatureVectorizer(long[] widths) implements Operator {

  static FeatureVectorizer of(Attributes attributes) {
    long[] widths = attributes.integers("inputdimensions");
    if (widths == null || widths.length == 0) {
      return new FeatureVectorizer(null);
    }
    for (long width : widths) {
      if (width < 0 || width > Integer.MAX_VALUE) {
        throw attributes.error("inputdimensions has " + width);
      }
    }
    return new FeatureVectorizer(widths);
  }

  @Override
  public String type() {
    return "FeatureVectorizer";
  }

  @Override
  public List<ValueInfo> infer(InferenceContext context) {
    if (widths != null && widths.length != context.inputs()) {
      throw context.error(
          "inputdimensions has " + widths.length + " elements for " + context.inputs() + " inputs");
    }
    Dim rows = null;
    Dim columns = Dim.ZERO;
    for (int i = 0; i < context.inputs(); i++) {
      context.require(
          i, ElementType.FLOAT, ElementType.DOUBLE, ElementType.INT64, ElementType.INT32);
      Shape x = context.shape(i);
      if (x.hasRank() && x.rank() == 0) {
        throw context.error("input " + i + " is a scalar, expected [N, C] or [C]");
      }
      boolean list = x.hasRank() && x.rank() == 1;
      if (x.hasRank()) {
        Dim length = list ? Dim.ONE : x.dim(0);
        boolean conflict = rows != null && rows.isConstant() && length.isConstant();
        if (conflict && !rows.equals(length)) {
          throw context.error("input " + i + " has " + length + " rows but others have " + rows);
        }
        rows = rows == null || length.isConstant() ? length : rows;
      }
      if (widths != null) {
        columns = columns.plus(widths[i]);
      } else {
        Dim width = x.hasRank() ? x.product(list ? 0 : 1, x.rank()) : context.fresh();
        columns = columns.plus(width);
      }
    }
    Shape y = Shape.of(rows == null ? context.fresh() : rows, columns);
    return List.of(ValueInfo.of(ElementType.FLOAT, y));
  }

  @Override
  public List<BatchAxis> batch(BatchContext context) {
    for (int i = 0; i < context.inputs(); i++) {
      Shape x = context.input(i).shape();
      boolean rows = context.axis(i).isRows() && context.axis(i).axis() == 0;
      if (!rows || !x.hasRank() || x.rank() < 2) {
        return context.coupled("input " + i + " does not have the batch at the first of its axes");
      }
    }
    return new ArrayList<>(Collections.nCopies(1, BatchAxis.rows(0)));
  }

  @Override
  public Step prepare(Preparation preparation) {
    return this::run;
  }

  private void run(StepContext context) {
    FloatTensor y = context.floatOutput(0);
    int rows = y.dim(0);
    int width = y.dim(1);
    int column = 0;
    for (int input = 0; input < context.inputs(); input++) {
      Tensor x = context.input(input);
      if ((x.rank() == 1 ? 1 : x.dim(0)) != rows) {
        throw context.error(
            "input " + input + " has shape " + x.dimsString() + ", not " + rows + " rows");
      }
      int columns = rows == 0 ? 0 : x.size() / rows;
      int taken = widths == null ? columns : (int) widths[input];
      for (int row = 0; row < rows; row++) {
        int to = y.offset() + row * width + column;
        int copied = Math.min(taken, columns);
        copy(x, row * columns, y.array(), to, copied);
        java.util.Arrays.fill(y.array(), to + copied, to + taken, 0f);
      }
      column += taken;
    }
  }

  private static void copy(Tensor x, int index, float[] y, int to, int count) {
    if (x instanceof FloatTensor) {
      System.arraycopy(x.array(), x.offset() + index, y, to, count);
    } else if (x instanceof DoubleTensor) {
      for (int i = 0; i < count; i++) {
        y[to + i] = (float) x.doubleAt(index + i);
      }
    } else {
      for (int i = 0; i < count; i++) {
        y[to + i] = (float) x.longAt(index + i);
      }
    }
  }
}
