package io.sparkonnx.spark.arrow;

import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.CalendarInterval;
import org.apache.spark.unsafe.types.UTF8String;

/** Values that are kept once in a dictionary; a row holds its value's index. */
final class DictionaryVector extends DerivedVector {
  private final FieldVector vector;
  private final BaseIntVector indices;
  private final ColumnVector values;

  DictionaryVector(FieldVector vector, ColumnVector values) {
    super(values.dataType(), vector);
    this.vector = vector;
    this.indices = (BaseIntVector) vector;
    this.values = values;
  }

  private int index(int row) {
    return (int) indices.getValueAsLong(row);
  }

  @Override
  public int numNulls() {
    int nulls = 0;
    for (int row = 0; row < vector.getValueCount(); row++) {
      nulls += isNullAt(row) ? 1 : 0;
    }
    return nulls;
  }

  @Override
  public boolean isNullAt(int row) {
    return vector.isNull(row) || values.isNullAt(index(row));
  }

  @Override
  public boolean getBoolean(int row) {
    return values.getBoolean(index(row));
  }

  @Override
  public byte getByte(int row) {
    return values.getByte(index(row));
  }

  @Override
  public short getShort(int row) {
    return values.getShort(index(row));
  }

  @Override
  public int getInt(int row) {
    return values.getInt(index(row));
  }

  @Override
  public long getLong(int row) {
    return values.getLong(index(row));
  }

  @Override
  public float getFloat(int row) {
    return values.getFloat(index(row));
  }

  @Override
  public double getDouble(int row) {
    return values.getDouble(index(row));
  }

  @Override
  public Decimal getDecimal(int row, int precision, int scale) {
    return isNullAt(row) ? null : values.getDecimal(index(row), precision, scale);
  }

  @Override
  public UTF8String getUTF8String(int row) {
    return isNullAt(row) ? null : values.getUTF8String(index(row));
  }

  @Override
  public byte[] getBinary(int row) {
    return isNullAt(row) ? null : values.getBinary(index(row));
  }

  @Override
  public CalendarInterval getInterval(int row) {
    return isNullAt(row) ? null : values.getInterval(index(row));
  }

  @Override
  public ColumnarArray getArray(int row) {
    return isNullAt(row) ? null : values.getArray(index(row));
  }

  @Override
  public ColumnarMap getMap(int row) {
    return isNullAt(row) ? null : values.getMap(index(row));
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    return new DictionaryVector(vector, values.getChild(ordinal));
  }
}
