package io.sparkonnx.spark.exec;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A column over heap arrays, without NULLs unless a subclass says so; subclasses give the values
 * that their type has.
 */
abstract class ResultVector extends ColumnVector {
  ResultVector(DataType type) {
    super(type);
  }

  /** Nothing to free: the garbage collector owns the arrays. */
  @Override
  public void close() {}

  @Override
  public boolean hasNull() {
    return false;
  }

  @Override
  public int numNulls() {
    return 0;
  }

  @Override
  public boolean isNullAt(int rowId) {
    return false;
  }

  @Override
  public boolean getBoolean(int rowId) {
    throw otherType("boolean");
  }

  @Override
  public byte getByte(int rowId) {
    throw otherType("tinyint");
  }

  @Override
  public short getShort(int rowId) {
    throw otherType("smallint");
  }

  @Override
  public int getInt(int rowId) {
    throw otherType("int");
  }

  @Override
  public long getLong(int rowId) {
    throw otherType("bigint");
  }

  @Override
  public float getFloat(int rowId) {
    throw otherType("float");
  }

  @Override
  public double getDouble(int rowId) {
    throw otherType("double");
  }

  @Override
  public ColumnarArray getArray(int rowId) {
    throw otherType("array");
  }

  @Override
  public ColumnarMap getMap(int rowId) {
    throw otherType("map");
  }

  @Override
  public Decimal getDecimal(int rowId, int precision, int scale) {
    throw otherType("decimal");
  }

  @Override
  public UTF8String getUTF8String(int rowId) {
    throw otherType("string");
  }

  @Override
  public byte[] getBinary(int rowId) {
    throw otherType("binary");
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    throw otherType("nested");
  }

  private IllegalStateException otherType(String asked) {
    return new IllegalStateException(
        "a " + dataType().sql() + " column has no " + asked + " values");
  }
}
