package io.sparkonnx.spark.exec;

import org.apache.arrow.vector.complex.ListVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.vectorized.ArrowColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;

/** Where the arrays of a column lie in the column of their elements. */
interface ArrayLayout {
  /** Index of the array's first element; the array is not null. */
  int start(int row);

  /** Elements of the array, which is not null. */
  int size(int row);

  /** The elements of all arrays. */
  ColumnVector elements();

  /** The layout of a column of arrays, or null where its class does not tell. */
  static ArrayLayout of(ColumnVector column) {
    if (column instanceof WritableColumnVector writable) {
      return new Writable(writable);
    }
    if (column instanceof ArrowColumnVector arrow
        && arrow.getValueVector() instanceof ListVector lists) {
      return new ArrowLists(lists, new ArrowColumnVector(lists.getDataVector()));
    }
    return column instanceof ArrayLayout layout ? layout : null;
  }

  /** Spark's own columns. */
  record Writable(WritableColumnVector column) implements ArrayLayout {
    @Override
    public int start(int row) {
      return column.getArrayOffset(row);
    }

    @Override
    public int size(int row) {
      return column.getArrayLength(row);
    }

    @Override
    public ColumnVector elements() {
      return column.arrayData();
    }
  }

  /** Arrow's lists. */
  record ArrowLists(ListVector lists, ColumnVector elements) implements ArrayLayout {
    @Override
    public int start(int row) {
      return lists.getElementStartIndex(row);
    }

    @Override
    public int size(int row) {
      return lists.getElementEndIndex(row) - lists.getElementStartIndex(row);
    }
  }
}
