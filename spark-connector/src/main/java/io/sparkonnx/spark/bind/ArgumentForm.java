package io.sparkonnx.spark.bind;

import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;

/** How an argument's column holds the elements of a row. */
public enum ArgumentForm {
  /** One element. */
  VALUE,
  /** An array of elements, flat or nested. */
  ARRAY,
  /** A dense or sparse vector of Spark ML. */
  VECTOR,
  /** A tensor's raw bytes: its elements in row-major order, little-endian. */
  BYTES;

  private static final DataType[] VECTOR_FIELDS = {
    DataTypes.ByteType,
    DataTypes.IntegerType,
    DataTypes.createArrayType(DataTypes.IntegerType, false),
    DataTypes.createArrayType(DataTypes.DoubleType, false)
  };

  private static final String[] VECTOR_NAMES = {"type", "size", "indices", "values"};

  public static ArgumentForm of(DataType type) {
    DataType stored = stored(type);
    if (stored instanceof ArrayType) {
      return ARRAY;
    }
    if (stored instanceof BinaryType) {
      return BYTES;
    }
    return type instanceof UserDefinedType && isVector(stored) ? VECTOR : VALUE;
  }

  /** The type that Spark stores for a user-defined one; any other type itself. */
  public static DataType stored(DataType type) {
    DataType stored = type;
    while (stored instanceof UserDefinedType<?> userDefined) {
      stored = userDefined.sqlType();
    }
    return stored;
  }

  private static boolean isVector(DataType type) {
    if (!(type instanceof StructType struct) || struct.length() != VECTOR_FIELDS.length) {
      return false;
    }
    for (int i = 0; i < VECTOR_FIELDS.length; i++) {
      StructField field = struct.fields()[i];
      if (!field.name().equals(VECTOR_NAMES[i]) || !field.dataType().sameType(VECTOR_FIELDS[i])) {
        return false;
      }
    }
    return true;
  }
}
