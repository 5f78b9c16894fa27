package io.sparkonnx.spark.bind;

import io.sparkonnx.engine.tensor.ElementType;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.VariantType;

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

  /**
   * What to do with a column that does not fit.
   *
   * @param whole the argument's type
   * @return the end of a sentence that starts with the argument
   */
  static String remedy(DataType whole, ElementType to) {
    DataType from = innermost(whole);
    String has = "has type " + whole.sql();
    if (to != ElementType.STRING && from instanceof DateType) {
      return has + ", a date without a unit; write unix_date(…) for days since 1970-01-01";
    }
    if (to != ElementType.STRING && isTimestamp(from)) {
      return has
          + ", a time without a unit; write unix_seconds(…), unix_millis(…) or unix_micros(…)";
    }
    if (isImage(from)) {
      return has + ", an image; write onnx_image(…, height, width, layout, mean, std)";
    }
    return has
        + (isCastable(from) ? " and must be cast to " + sqlName(to) : ", which no input takes");
  }

  private static boolean isTimestamp(DataType type) {
    return type instanceof TimestampType || type instanceof TimestampNTZType;
  }

  private static boolean isCastable(DataType type) {
    return type instanceof NumericType
        || type instanceof StringType
        || type instanceof BooleanType
        || type instanceof BinaryType
        || type instanceof DateType
        || type instanceof NullType
        || type instanceof VariantType
        || isTimestamp(type);
  }

  /** Whether a type has the fields of Spark's image data source. */
  static boolean isImage(DataType type) {
    return type instanceof StructType struct
        && String.join(" ", struct.fieldNames()).equals("origin height width nChannels mode data");
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
    DataType inner = ArgumentForm.stored(type);
    while (inner instanceof ArrayType array) {
      inner = ArgumentForm.stored(array.elementType());
    }
    return inner;
  }

  static int depth(DataType type) {
    int depth = 0;
    DataType inner = ArgumentForm.stored(type);
    for (; inner instanceof ArrayType array; inner = ArgumentForm.stored(array.elementType())) {
      depth++;
    }
    return depth;
  }
}
