package io.sparkonnx.spark.arrow;

import io.sparkonnx.spark.bind.OnnxCondition;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimeType;
import org.apache.spark.sql.types.UserDefinedType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/**
 * Spark's types of Arrow's. Unsigned integers become the next wider type, {@code uint64} a decimal;
 * half floats become floats; times, timestamps and durations of any unit have microseconds; lists
 * and texts of every form are arrays, strings and binaries; dictionary-encoded columns have their
 * values' type.
 */
final class ArrowTypes {
  private static final String METADATA = "SPARK::metadata::json";

  private ArrowTypes() {}

  /** The schema of a file; raises ONNX_ARROW_TYPE if Spark has no type for a column. */
  static StructType structOf(Schema schema, String file) {
    try {
      return structOf(schema.getFields());
    } catch (IllegalArgumentException e) {
      throw OnnxCondition.ONNX_ARROW_TYPE.raise(
          file + ": " + e.getMessage() + "; give a schema without it to read the others");
    }
  }

  private static StructType structOf(List<Field> fields) {
    return new StructType(fields.stream().map(ArrowTypes::fieldOf).toArray(StructField[]::new));
  }

  private static StructField fieldOf(Field field) {
    String metadata = field.getMetadata().get(METADATA);
    return new StructField(
        field.getName(),
        typeOf(field),
        field.isNullable(),
        metadata == null ? Metadata.empty() : Metadata.fromJson(metadata));
  }

  /**
   * The type of a field in a file's schema, where dictionary-encoded fields have values' types.
   *
   * @throws IllegalArgumentException if Spark has none
   */
  static DataType typeOf(Field field) {
    ArrowType type = field.getType();
    DataType found =
        switch (type.getTypeID()) {
          case Bool -> DataTypes.BooleanType;
          case Int -> integer((ArrowType.Int) type);
          case FloatingPoint ->
              ((ArrowType.FloatingPoint) type).getPrecision() == FloatingPointPrecision.DOUBLE
                  ? DataTypes.DoubleType
                  : DataTypes.FloatType;
          case Utf8, LargeUtf8, Utf8View -> DataTypes.StringType;
          case Binary, LargeBinary, BinaryView, FixedSizeBinary -> DataTypes.BinaryType;
          case Decimal -> decimal((ArrowType.Decimal) type);
          case Date -> DataTypes.DateType;
          case Timestamp ->
              ((ArrowType.Timestamp) type).getTimezone() == null
                  ? DataTypes.TimestampNTZType
                  : DataTypes.TimestampType;
          case Time -> new TimeType(TimeType.MICROS_PRECISION());
          case Duration -> DayTimeIntervalType.apply();
          case Interval -> interval((ArrowType.Interval) type);
          case Null -> DataTypes.NullType;
          case List, LargeList, FixedSizeList -> {
            Field element = field.getChildren().get(0);
            yield new ArrayType(typeOf(element), element.isNullable());
          }
          case Map -> {
            List<Field> entry = field.getChildren().get(0).getChildren();
            yield new MapType(
                typeOf(entry.get(0)), typeOf(entry.get(1)), entry.get(1).isNullable());
          }
          case Struct -> structOf(field.getChildren());
          default -> null;
        };
    if (found == null) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "column '%s': Spark has no type for Arrow's %s", field.getName(), type));
    }
    return found;
  }

  private static DataType integer(ArrowType.Int type) {
    return switch (type.getBitWidth()) {
      case 8 -> type.getIsSigned() ? DataTypes.ByteType : DataTypes.ShortType;
      case 16 -> type.getIsSigned() ? DataTypes.ShortType : DataTypes.IntegerType;
      case 32 -> type.getIsSigned() ? DataTypes.IntegerType : DataTypes.LongType;
      default -> type.getIsSigned() ? DataTypes.LongType : new DecimalType(20, 0);
    };
  }

  private static DataType decimal(ArrowType.Decimal type) {
    boolean fits =
        type.getBitWidth() >= 128
            && type.getPrecision() <= DecimalType.MAX_PRECISION()
            && type.getScale() >= 0
            && type.getScale() <= type.getPrecision();
    return fits ? new DecimalType(type.getPrecision(), type.getScale()) : null;
  }

  private static DataType interval(ArrowType.Interval type) {
    return type.getUnit() == IntervalUnit.YEAR_MONTH
        ? YearMonthIntervalType.apply()
        : type.getUnit() == IntervalUnit.MONTH_DAY_NANO ? DataTypes.CalendarIntervalType : null;
  }

  /** Whether values of one type are laid out in Spark as those of the other. */
  static boolean sameLayout(DataType a, DataType b) {
    DataType left = a instanceof UserDefinedType<?> user ? user.sqlType() : a;
    DataType right = b instanceof UserDefinedType<?> user ? user.sqlType() : b;
    if (left instanceof ArrayType x && right instanceof ArrayType y) {
      return sameLayout(x.elementType(), y.elementType());
    }
    if (left instanceof MapType x && right instanceof MapType y) {
      return sameLayout(x.keyType(), y.keyType()) && sameLayout(x.valueType(), y.valueType());
    }
    if (left instanceof StructType x && right instanceof StructType y) {
      boolean same = x.length() == y.length();
      for (int i = 0; same && i < x.length(); i++) {
        same =
            x.fields()[i].name().equalsIgnoreCase(y.fields()[i].name())
                && sameLayout(x.fields()[i].dataType(), y.fields()[i].dataType());
      }
      return same;
    }
    return left.equals(right)
        || (left instanceof StringType && right instanceof StringType)
        || (left instanceof TimeType && right instanceof TimeType)
        || (left instanceof YearMonthIntervalType && right instanceof YearMonthIntervalType)
        || (left instanceof DayTimeIntervalType && right instanceof DayTimeIntervalType);
  }
}
