package io.sparkonnx.spark.exec;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;

/** Arrays of padded sequences, cut back to the lengths of their rows. */
final class CutArrayVector extends ResultVector implements ArrayLayout {
  private final ColumnVector elements;
  private final int step;
  private final int[] lengths;
  private final int arraysPerRow;

  /**
   * @param elements of all arrays one after the other, padding included
   * @param step elements from one array's start to the next one's
   * @param lengths of the arrays of each row
   * @param arraysPerRow how many arrays a row has, one after the other
   */
  CutArrayVector(DataType type, ColumnVector elements, int step, int[] lengths, int arraysPerRow) {
    super(type);
    this.elements = elements;
    this.step = step;
    this.lengths = lengths;
    this.arraysPerRow = arraysPerRow;
  }

  @Override
  public ColumnarArray getArray(int rowId) {
    return new ColumnarArray(elements, start(rowId), size(rowId));
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
    return lengths[row / arraysPerRow];
  }

  @Override
  public ColumnVector elements() {
    return elements;
  }
}
