package io.sparkonnx.spark.arrow;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;

/** Lists of every kind, maps and structs, over columns of any kind. */
final class NestedVector extends DerivedVector {
  private final Starts starts;
  private final List<ColumnVector> children;

  /** Where the elements of a row start; those of the row before end there. */
  interface Starts {
    int of(int row);
  }

  /**
   * @param starts of a list's or map's elements; null for a struct
   * @param children a list's elements, a map's keys and values, or a struct's fields
   */
  NestedVector(DataType type, FieldVector vector, Starts starts, List<ColumnVector> children) {
    super(type, vector);
    this.starts = starts;
    this.children = children;
  }

  @Override
  public ColumnarArray getArray(int row) {
    if (isNullAt(row)) {
      return null;
    }
    int start = starts.of(row);
    return new ColumnarArray(children.get(0), start, starts.of(row + 1) - start);
  }

  @Override
  public ColumnarMap getMap(int row) {
    if (isNullAt(row)) {
      return null;
    }
    int start = starts.of(row);
    return new ColumnarMap(children.get(0), children.get(1), start, starts.of(row + 1) - start);
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    return children.get(ordinal);
  }
}
