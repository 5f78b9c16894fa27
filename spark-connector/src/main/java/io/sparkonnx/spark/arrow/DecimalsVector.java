package io.sparkonnx.spark.arrow;

import java.math.BigDecimal;
import java.util.function.IntFunction;
import org.apache.arrow.vector.FieldVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;

/** Decimals of 256 bits that fit Spark's, and unsigned 64-bit integers. */
final class DecimalsVector extends DerivedVector {
  private final IntFunction<BigDecimal> values;

  DecimalsVector(DataType type, FieldVector vector, IntFunction<BigDecimal> values) {
    super(type, vector);
    this.values = values;
  }

  @Override
  public Decimal getDecimal(int row, int precision, int scale) {
    return isNullAt(row) ? null : Decimal.apply(values.apply(row), precision, scale);
  }
}
