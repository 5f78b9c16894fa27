package io.sparkonnx.spark.exec;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;

/** Reads the numbers of one column type; chosen once per task. */
final class NumberReader {
  private NumberReader() {}

  /** Reads a number as a double. */
  interface Doubles {
    double read(SpecializedGetters from, int ordinal);
  }

  /** Reads an integer. */
  interface Longs {
    long read(SpecializedGetters from, int ordinal);
  }

  static Doubles doubles(DataType type) {
    if (type instanceof FloatType) {
      return SpecializedGetters::getFloat;
    }
    if (type instanceof DoubleType) {
      return SpecializedGetters::getDouble;
    }
    if (type instanceof DecimalType decimal) {
      int precision = decimal.precision();
      int scale = decimal.scale();
      return (from, i) -> from.getDecimal(i, precision, scale).toDouble();
    }
    Longs integers = longs(type);
    return (from, i) -> (double) integers.read(from, i);
  }

  static Longs longs(DataType type) {
    if (type instanceof ByteType) {
      return SpecializedGetters::getByte;
    }
    if (type instanceof ShortType) {
      return SpecializedGetters::getShort;
    }
    if (type instanceof IntegerType) {
      return SpecializedGetters::getInt;
    }
    if (type instanceof LongType) {
      return SpecializedGetters::getLong;
    }
    throw new IllegalStateException(type.sql() + " is not an integer type");
  }
}
