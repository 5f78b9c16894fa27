package io.sparkonnx.spark.arrow;

import java.util.function.IntFunction;
import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.unsafe.types.UTF8String;

/** Strings and binary values in views, and binary values of one width. */
final class TextVector extends DerivedVector {
  private final IntFunction<byte[]> values;

  TextVector(DataType type, FieldVector vector, IntFunction<byte[]> values) {
    super(type, vector);
    this.values = values;
  }

  @Override
  public UTF8String getUTF8String(int row) {
    return isNullAt(row) ? null : UTF8String.fromBytes(values.apply(row));
  }

  @Override
  public byte[] getBinary(int row) {
    return isNullAt(row) ? null : values.apply(row);
  }
}
