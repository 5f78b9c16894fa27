package io.sparkonnx.spark.exec;

import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.BinaryView;
import org.apache.spark.unsafe.types.CalendarInterval;
import org.apache.spark.unsafe.types.UTF8String;

/** Some rows of a column, from one on. Whoever made the slices closes the column. */
final class SlicedVector extends ColumnVector {
  private final ColumnVector column;
  private final int first;
  private final int rows;

  /**
   * @param first the row that is row 0 here
   */
  SlicedVector(ColumnVector column, int first, int rows) {
    super(column.dataType());
    this.column = column;
    this.first = first;
    this.rows = rows;
  }

  @Override
  public void close() {}

  @Override
  public boolean hasNull() {
    return column.hasNull();
  }

  @Override
  public int numNulls() {
    int nulls = 0;
    for (int row = 0; row < rows && column.hasNull(); row++) {
      nulls += isNullAt(row) ? 1 : 0;
    }
    return nulls;
  }

  @Override
  public boolean isNullAt(int rowId) {
    return column.isNullAt(first + rowId);
  }

  @Override
  public boolean getBoolean(int rowId) {
    return column.getBoolean(first + rowId);
  }

  @Override
  public byte getByte(int rowId) {
    return column.getByte(first + rowId);
  }

  @Override
  public short getShort(int rowId) {
    return column.getShort(first + rowId);
  }

  @Override
  public int getInt(int rowId) {
    return column.getInt(first + rowId);
  }

  @Override
  public long getLong(int rowId) {
    return column.getLong(first + rowId);
  }

  @Override
  public float getFloat(int rowId) {
    return column.getFloat(first + rowId);
  }

  @Override
  public double getDouble(int rowId) {
    return column.getDouble(first + rowId);
  }

  @Override
  public ColumnarArray getArray(int rowId) {
    return column.getArray(first + rowId);
  }

  @Override
  public ColumnarMap getMap(int rowId) {
    return column.getMap(first + rowId);
  }

  @Override
  public Decimal getDecimal(int rowId, int precision, int scale) {
    return column.getDecimal(first + rowId, precision, scale);
  }

  @Override
  public UTF8String getUTF8String(int rowId) {
    return column.getUTF8String(first + rowId);
  }

  @Override
  public byte[] getBinary(int rowId) {
    return column.getBinary(first + rowId);
  }

  @Override
  public BinaryView getBinaryView(int rowId) {
    return column.getBinaryView(first + rowId);
  }

  @Override
  public CalendarInterval getInterval(int rowId) {
    return column.getInterval(first + rowId);
  }

  /** The same rows of a field. */
  @Override
  public ColumnVector getChild(int ordinal) {
    return new SlicedVector(column.getChild(ordinal), first, rows);
  }
}
