package io.sparkonnx.spark.bind;

import io.sparkonnx.engine.tensor.ElementType;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;

/**
 * Which column types fill which element types without being asked: any number becomes a float;
 * integers become wider or equally wide integers, and unsigned ones where every value can be
 * checked. Everything else must be cast.
 */
final class ElementTypes {
  private ElementTypes() {}

  static boolean fits(DataType from, ElementType to) {
    return switch (to) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> from instanceof NumericType;
      case INT8 -> bits(from) == 8;
      case INT16, UINT8 -> bits(from) <= 16;
      case INT32, UINT16 -> bits(from) <= 32;
      case INT64, UINT32 -> bits(from) <= 64;
      case UINT64 -> bits(from) <= 64 || (from instanceof DecimalType d && d.scale() == 0);
      case BOOL -> from instanceof BooleanType;
      case STRING -> from instanceof StringType;
      default -> false;
    };
  }

  private static int bits(DataType type) {
    if (type instanceof ByteType) {
      return 8;
    }
    if (type instanceof ShortType) {
      return 16;
    }
    if (type instanceof IntegerType) {
      return 32;
    }
    return type instanceof LongType ? 64 : Integer.MAX_VALUE;
  }

  /** What to cast to for an element type, in SQL. */
  static String sqlName(ElementType type) {
    return switch (type) {
      case FLOAT16, BFLOAT16 -> "float";
      case INT8 -> "tinyint";
      case INT16, UINT8 -> "smallint";
      case INT32, UINT16 -> "int";
      case INT64, UINT32 -> "bigint";
      case UINT64 -> "decimal(20,0)";
      case BOOL -> "boolean";
      default -> type.toString();
    };
  }

  /** Whether column values of any type can fill this element type. */
  static boolean isSupported(ElementType type) {
    return switch (type) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32 ->
          true;
      case UINT64, BOOL, STRING -> true;
      default -> false;
    };
  }

  static DataType innermost(DataType type) {
    DataType inner = type;
    while (inner instanceof ArrayType array) {
      inner = array.elementType();
    }
    return inner;
  }

  static int depth(DataType type) {
    int depth = 0;
    for (DataType inner = type; inner instanceof ArrayType array; inner = array.elementType()) {
      depth++;
    }
    return depth;
  }
}
