package io.sparkonnx.spark.arrow;

import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A column over an Arrow vector of a type that Spark has no accessor for. The vector stays its
 * reader's.
 */
abstract class DerivedVector extends ColumnVector {
  private final FieldVector vector;

  DerivedVector(DataType type, FieldVector vector) {
    super(type);
    this.vector = vector;
  }

  private UnsupportedOperationException noSuch(String what) {
    return new UnsupportedOperationException(
        "a column of " + dataType().sql() + " has no value of type " + what);
  }

  @Override
  public void close() {}

  @Override
  public boolean hasNull() {
    return numNulls() > 0;
  }

  @Override
  public int numNulls() {
    return vector.getNullCount();
  }

  @Override
  public boolean isNullAt(int row) {
    return vector.isNull(row);
  }

  @Override
  public boolean getBoolean(int row) {
    throw noSuch("boolean");
  }

  @Override
  public byte getByte(int row) {
    throw noSuch("byte");
  }

  @Override
  public short getShort(int row) {
    throw noSuch("short");
  }

  @Override
  public int getInt(int row) {
    throw noSuch("int");
  }

  @Override
  public long getLong(int row) {
    throw noSuch("long");
  }

  @Override
  public float getFloat(int row) {
    throw noSuch("float");
  }

  @Override
  public double getDouble(int row) {
    throw noSuch("double");
  }

  @Override
  public ColumnarArray getArray(int row) {
    throw noSuch("array");
  }

  @Override
  public ColumnarMap getMap(int row) {
    throw noSuch("map");
  }

  @Override
  public Decimal getDecimal(int row, int precision, int scale) {
    throw noSuch("decimal");
  }

  @Override
  public UTF8String getUTF8String(int row) {
    throw noSuch("string");
  }

  @Override
  public byte[] getBinary(int row) {
    throw noSuch("binary");
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    throw noSuch("struct");
  }
}
