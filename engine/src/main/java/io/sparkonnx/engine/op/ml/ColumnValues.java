package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.op.Attributes;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * An attribute with one value for each column of the input (its last axis), or one for all.
 *
 * @param name of the attribute, for messages
 * @param values one or one per column
 */
record ColumnValues(String name, float[] values) {

  static ColumnValues of(Attributes attributes, String name, float otherwise) {
    float[] values = attributes.reals(name);
    boolean none = values == null || values.length == 0;
    return new ColumnValues(name, none ? new float[] {otherwise} : values);
  }

  boolean isOne() {
    return values.length == 1;
  }

  /** Checks the number of values against the columns of input 0, where they are known. */
  void require(InferenceContext context, Layout layout) {
    Shape x = context.shape(0);
    Dim columns = x.hasRank() && x.rank() > 0 ? x.dim(layout.featureAxis(x.rank())) : null;
    if (!isOne() && columns != null && columns.isConstant() && !columns.is(values.length)) {
      throw context.error(message(columns.toString()));
    }
  }

  private String message(String columns) {
    return name + " has " + values.length + " elements but X has " + columns + " columns";
  }

  /** One value for each of {@code columns} columns. */
  float[] expanded(StepContext context, int columns) {
    if (values.length == columns) {
      return values;
    }
    if (!isOne()) {
      throw context.error(message(String.valueOf(columns)));
    }
    float[] all = new float[columns];
    Arrays.fill(all, values[0]);
    return all;
  }

  /** The values as a tensor that broadcasts to an input of {@code rank} axes. */
  Tensor tensor(Layout layout, int rank) {
    int[] dims = new int[isOne() ? 0 : rank - layout.featureAxis(rank)];
    Arrays.fill(dims, 1);
    if (!isOne()) {
      dims[0] = values.length;
    }
    return Tensor.of(values, dims);
  }

  /** Length of the axis that counts the columns; 1 for a scalar. */
  static int columns(Tensor x, Layout layout) {
    return x.rank() == 0 ? 1 : x.dim(layout.featureAxis(x.rank()));
  }

  /**
   * The batch rule of an element-wise operator with values per column.
   *
   * @param any whether all columns have one value
   */
  static List<BatchAxis> batch(BatchContext context, Layout layout, boolean any) {
    if (any || !context.axis(0).isRows()) {
      return context.all(context.axis(0));
    }
    Shape x = context.input(0).shape();
    return x.hasRank()
        ? context.keepsAxis(layout.featureAxis(x.rank()))
        : context.coupled("a shape of unknown rank");
  }
}
