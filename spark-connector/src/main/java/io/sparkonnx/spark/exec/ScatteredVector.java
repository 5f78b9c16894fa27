package io.sparkonnx.spark.exec;

import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Values of some rows, put where these rows are; NULL elsewhere. A number that is NULL reads as 0,
 * so that ranges can be copied.
 */
final class ScatteredVector extends ResultVector {
  /** The position of a row that has no value. */
  static final int NONE = -1;

  private final ColumnVector values;
  private final int[] positions;
  private final boolean hasNull;

  /**
   * @param values without NULLs
   * @param positions for each row the index of its value, or {@link #NONE}
   * @param hasNull whether a row has none
   */
  ScatteredVector(ColumnVector values, int[] positions, boolean hasNull) {
    super(values.dataType());
    this.values = values;
    this.positions = positions;
    this.hasNull = hasNull;
  }

  @Override
  public boolean hasNull() {
    return hasNull;
  }

  @Override
  public int numNulls() {
    return nulls(positions);
  }

  static int nulls(int[] positions) {
    int nulls = 0;
    for (int position : positions) {
      nulls += position == NONE ? 1 : 0;
    }
    return nulls;
  }

  @Override
  public boolean isNullAt(int rowId) {
    return positions[rowId] == NONE;
  }

  @Override
  public boolean getBoolean(int rowId) {
    return isNullAt(rowId) ? false : values.getBoolean(positions[rowId]);
  }

  @Override
  public byte getByte(int rowId) {
    return isNullAt(rowId) ? 0 : values.getByte(positions[rowId]);
  }

  @Override
  public short getShort(int rowId) {
    return isNullAt(rowId) ? 0 : values.getShort(positions[rowId]);
  }

  @Override
  public int getInt(int rowId) {
    return isNullAt(rowId) ? 0 : values.getInt(positions[rowId]);
  }

  @Override
  public long getLong(int rowId) {
    return isNullAt(rowId) ? 0 : values.getLong(positions[rowId]);
  }

  @Override
  public float getFloat(int rowId) {
    return isNullAt(rowId) ? 0 : values.getFloat(positions[rowId]);
  }

  @Override
  public double getDouble(int rowId) {
    return isNullAt(rowId) ? 0 : values.getDouble(positions[rowId]);
  }

  @Override
  public ColumnarArray getArray(int rowId) {
    return values.getArray(positions[rowId]);
  }

  @Override
  public ColumnarMap getMap(int rowId) {
    return values.getMap(positions[rowId]);
  }

  @Override
  public Decimal getDecimal(int rowId, int precision, int scale) {
    return values.getDecimal(positions[rowId], precision, scale);
  }

  @Override
  public UTF8String getUTF8String(int rowId) {
    return values.getUTF8String(positions[rowId]);
  }

  @Override
  public byte[] getBinary(int rowId) {
    return values.getBinary(positions[rowId]);
  }
}
