package io.sparkonnx.engine.op.ml;

import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.BatchContext;
import io.sparkonnx.engine.op.InferenceContext;
import io.sparkonnx.engine.op.StepContext;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.IntTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Layout;
import io.sparkonnx.engine.type.Shape;
import java.util.List;

/**
 * The input of a model over rows of features: [N, C], or [C] for a single row, or [C, N] by
 * columns. Doubles and integers are rounded to floats.
 *
 * @param array holds element (row, column) at {@code offset + row·rowStride + column·columnStride}
 * @param offset index of the first element
 * @param rows N
 * @param columns C
 * @param layout whether rows or columns are contiguous
 */
record Features(float[] array, int offset, int rows, int columns, Layout layout) {

  /** Checks the element type of input 0. */
  static ElementType requireNumbers(InferenceContext context) {
    return context.require(
        0, ElementType.FLOAT, ElementType.DOUBLE, ElementType.INT64, ElementType.INT32);
  }

  /** N of a row-major input 0. */
  static Dim rows(InferenceContext context) {
    return rows(context, Layout.ROW_MAJOR);
  }

  /** N of input 0. */
  static Dim rows(InferenceContext context, Layout layout) {
    Shape x = matrix(context);
    if (!x.hasRank()) {
      return context.fresh();
    }
    return x.rank() == 1 ? Dim.ONE : x.dim(layout.rowAxis());
  }

  /** C of a row-major input 0, or −1 where it is not known. */
  static long columns(InferenceContext context) {
    return columns(context, Layout.ROW_MAJOR);
  }

  /** C of input 0, or −1 where it is not known. */
  static long columns(InferenceContext context, Layout layout) {
    Shape x = matrix(context);
    Dim columns = x.hasRank() ? x.dim(layout.featureAxis(x.rank())) : null;
    return columns != null && columns.isConstant() ? columns.value() : -1;
  }

  /** Checks that input 0 has {@code expected} columns, where they are known. */
  static void requireColumns(InferenceContext context, int expected) {
    long columns = columns(context);
    if (columns >= 0 && columns != expected) {
      throw context.error("X has " + columns + " columns, expected " + expected);
    }
  }

  private static Shape matrix(InferenceContext context) {
    Shape x = context.shape(0);
    if (x.hasRank() && x.rank() != 1 && x.rank() != 2) {
      throw context.error("X has shape " + x + ", expected [N, C] or [C]");
    }
    return x;
  }

  /** Every output has the rows of a row-major input 0 along its first axis. */
  static List<BatchAxis> batch(BatchContext context) {
    return batch(context, Layout.ROW_MAJOR);
  }

  /** Every output has the rows of input 0 along its first axis. */
  static List<BatchAxis> batch(BatchContext context, Layout layout) {
    if (layout == Layout.FEATURE_MAJOR) {
      return context.axis(0).isRows() && context.axis(0).axis() == layout.rowAxis()
          ? context.all(BatchAxis.rows(0))
          : context.coupled("the features are along the batch axis");
    }
    if (context.axis(0).isRows()) {
      Shape x = context.input(0).shape();
      if (!x.hasRank() || x.rank() != 2) {
        return context.coupled("X of shape " + x + " is not known to be a matrix");
      }
    }
    return context.keepsAxis(1);
  }

  static int rows(Tensor x) {
    return rows(x, Layout.ROW_MAJOR);
  }

  static int rows(Tensor x, Layout layout) {
    return x.rank() == 1 ? 1 : x.dim(layout.rowAxis());
  }

  static int columns(Tensor x) {
    return columns(x, Layout.ROW_MAJOR);
  }

  static int columns(Tensor x, Layout layout) {
    return x.dim(layout.featureAxis(x.rank()));
  }

  /** As {@link #of(StepContext, Layout, int)}, row-major. */
  static Features of(StepContext context, int extra) {
    return of(context, Layout.ROW_MAJOR, extra);
  }

  /**
   * Input 0 as floats: the tensor itself, or its elements rounded into the operator's scratch.
   *
   * @param extra floats that the caller wants in the operator's scratch from {@link #end} on
   */
  static Features of(StepContext context, Layout layout, int extra) {
    Tensor x = context.input(0);
    int rows = rows(x, layout);
    int columns = columns(x, layout);
    if (x instanceof FloatTensor floats) {
      context.scratch().floats(Scratch.OPERATOR, extra);
      return new Features(floats.array(), floats.offset(), rows, columns, layout);
    }
    float[] array = context.scratch().floats(Scratch.OPERATOR, x.size() + extra);
    read(x, array, 0);
    return new Features(array, 0, rows, columns, layout);
  }

  int rowStride() {
    return layout == Layout.ROW_MAJOR ? columns : 1;
  }

  int columnStride() {
    return layout == Layout.ROW_MAJOR ? 1 : rows;
  }

  /** First free index of the operator's scratch behind the features of {@code x}. */
  static int end(Tensor x) {
    return x instanceof FloatTensor ? 0 : x.size();
  }

  /** All elements of a tensor of numbers, rounded to floats. */
  static void read(Tensor x, float[] to, int at) {
    int size = x.size();
    int from = x.offset();
    if (x instanceof FloatTensor) {
      System.arraycopy(x.array(), from, to, at, size);
    } else if (x instanceof DoubleTensor doubles) {
      for (int i = 0; i < size; i++) {
        to[at + i] = (float) doubles.array()[from + i];
      }
    } else if (x instanceof LongTensor longs) {
      for (int i = 0; i < size; i++) {
        to[at + i] = (float) longs.array()[from + i];
      }
    } else {
      int[] ints = ((IntTensor) x).array();
      for (int i = 0; i < size; i++) {
        to[at + i] = (float) ints[from + i];
      }
    }
  }

  /** Checks at run time what {@link #requireColumns} could not check before. */
  static void checkColumns(StepContext context, int expected) {
    checkColumns(context, Layout.ROW_MAJOR, expected);
  }

  /** Checks the number of columns at run time. */
  static void checkColumns(StepContext context, Layout layout, int expected) {
    int columns = columns(context.input(0), layout);
    if (columns != expected) {
      throw context.error("X has " + columns + " columns, expected " + expected);
    }
  }
}
