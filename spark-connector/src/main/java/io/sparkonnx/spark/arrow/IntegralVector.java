package io.sparkonnx.spark.arrow;

import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.types.DataType;

/** Unsigned integers, and dates, times and durations in other units than Spark's. */
final class IntegralVector extends DerivedVector {
  private final Values values;

  /** Spark's value of a row, as wide as any. */
  interface Values {
    long at(int row);
  }

  IntegralVector(DataType type, FieldVector vector, Values values) {
    super(type, vector);
    this.values = values;
  }

  @Override
  public short getShort(int row) {
    return (short) values.at(row);
  }

  @Override
  public int getInt(int row) {
    return (int) values.at(row);
  }

  @Override
  public long getLong(int row) {
    return values.at(row);
  }
}
