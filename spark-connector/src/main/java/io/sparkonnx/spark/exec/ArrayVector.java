package io.sparkonnx.spark.exec;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;

/** Arrays of one length. */
final class ArrayVector extends ResultVector implements ArrayLayout {
  private final ColumnVector elements;
  private final int length;
  private final int step;

  /**
   * @param elements of all arrays one after the other
   * @param length of each array
   * @param step elements from one array's start to the next one's; 0 where all rows have one array
   */
  ArrayVector(DataType type, ColumnVector elements, int length, int step) {
    super(type);
    this.elements = elements;
    this.length = length;
    this.step = step;
  }

  @Override
  public ColumnarArray getArray(int rowId) {
    return new ColumnarArray(elements, rowId * step, length);
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    return elements;
  }

  @Override
  public int start(int row) {
    return row * step;
  }

  @Override
  public int size(int row) {
    return length;
  }

  @Override
  public ColumnVector elements() {
    return elements;
  }
}
