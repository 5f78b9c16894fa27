package io.sparkonnx.spark.arrow;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnVector;

/** Columns over Arrow's vectors, which may be reloaded. */
final class ArrowColumns {
  private static final List<Class<? extends FieldVector>> SPARKS =
      List.of(
          BitVector.class,
          TinyIntVector.class,
          SmallIntVector.class,
          IntVector.class,
          BigIntVector.class,
          Float4Vector.class,
          Float8Vector.class,
          DecimalVector.class,
          VarCharVector.class,
          LargeVarCharVector.class,
          VarBinaryVector.class,
          LargeVarBinaryVector.class,
          DateDayVector.class,
          TimeStampMicroTZVector.class,
          TimeStampMicroVector.class,
          TimeNanoVector.class,
          NullVector.class,
          IntervalYearVector.class,
          IntervalMonthDayNanoVector.class);

  private ArrowColumns() {}

  static ColumnVector of(FieldVector vector, DictionaryProvider dictionaries) {
    if (vector.getField().getDictionary() != null) {
      long id = vector.getField().getDictionary().getId();
      return new DictionaryVector(vector, of(dictionaries.lookup(id).getVector(), dictionaries));
    }
    if (isSparks(vector)) {
      return new LentArrowVector(vector);
    }
    if (vector instanceof MapVector map) {
      List<FieldVector> entry = map.getDataVector().getChildrenFromFields();
      ColumnVector keys = of(entry.get(0), dictionaries);
      ColumnVector values = of(entry.get(1), dictionaries);
      return new NestedVector(
          DataTypes.createMapType(keys.dataType(), values.dataType()),
          vector,
          row -> vector.getOffsetBuffer().getInt(4L * row),
          List.of(keys, values));
    }
    if (vector instanceof ListVector list) {
      return list(
          vector,
          list.getDataVector(),
          row -> vector.getOffsetBuffer().getInt(4L * row),
          dictionaries);
    }
    if (vector instanceof LargeListVector list) {
      return list(
          vector,
          list.getDataVector(),
          row -> Math.toIntExact(vector.getOffsetBuffer().getLong(8L * row)),
          dictionaries);
    }
    if (vector instanceof FixedSizeListVector list) {
      int size = list.getListSize();
      return list(vector, list.getDataVector(), row -> row * size, dictionaries);
    }
    if (vector instanceof StructVector struct) {
      List<ColumnVector> fields =
          struct.getChildrenFromFields().stream().map(field -> of(field, dictionaries)).toList();
      DataType type =
          DataTypes.createStructType(
              IntStream.range(0, fields.size())
                  .mapToObj(
                      i ->
                          DataTypes.createStructField(
                              struct.getVectorById(i).getName(), fields.get(i).dataType(), true))
                  .toList());
      return new NestedVector(type, vector, null, fields);
    }
    return leaf(vector, ArrowTypes.typeOf(vector.getField()));
  }

  private static ColumnVector list(
      FieldVector vector,
      FieldVector data,
      NestedVector.Starts starts,
      DictionaryProvider dictionaries) {
    ColumnVector elements = of(data, dictionaries);
    return new NestedVector(
        DataTypes.createArrayType(elements.dataType()), vector, starts, List.of(elements));
  }

  /** Whether Spark has accessors for the vector and all below it. */
  private static boolean isSparks(FieldVector vector) {
    if (vector.getField().getDictionary() != null) {
      return false;
    }
    if (vector instanceof MapVector map) {
      List<FieldVector> entry = map.getDataVector().getChildrenFromFields();
      return entry.get(0).getName().equals(MapVector.KEY_NAME)
          && entry.get(1).getName().equals(MapVector.VALUE_NAME)
          && entry.stream().allMatch(ArrowColumns::isSparks);
    }
    if (vector instanceof ListVector list) {
      return isSparks(list.getDataVector());
    }
    if (vector instanceof StructVector struct) {
      return struct.getChildrenFromFields().stream().allMatch(ArrowColumns::isSparks);
    }
    if (vector instanceof DurationVector) {
      return ((ArrowType.Duration) vector.getField().getType()).getUnit() == TimeUnit.MICROSECOND;
    }
    return SPARKS.contains(vector.getClass());
  }

  private static ColumnVector leaf(FieldVector vector, DataType type) {
    if (vector instanceof Float2Vector halves) {
      return new HalfVector(halves);
    }
    if (vector instanceof UInt8Vector unsigned) {
      return new DecimalsVector(
          type, vector, row -> new BigDecimal(unsigned.getObjectNoOverflow(row)));
    }
    if (vector instanceof Decimal256Vector decimals) {
      return new DecimalsVector(type, vector, decimals::getObject);
    }
    if (vector instanceof ViewVarCharVector texts) {
      return new TextVector(type, vector, texts::get);
    }
    if (vector instanceof ViewVarBinaryVector binaries) {
      return new TextVector(type, vector, binaries::get);
    }
    if (vector instanceof FixedSizeBinaryVector binaries) {
      return new TextVector(type, vector, binaries::get);
    }
    return new IntegralVector(type, vector, integers(vector));
  }

  private static IntegralVector.Values integers(FieldVector vector) {
    if (vector instanceof UInt1Vector unsigned) {
      return row -> unsigned.get(row) & 0xFF;
    }
    if (vector instanceof UInt2Vector unsigned) {
      return unsigned::get;
    }
    if (vector instanceof UInt4Vector unsigned) {
      return row -> Integer.toUnsignedLong(unsigned.get(row));
    }
    if (vector instanceof DateMilliVector dates) {
      return row -> Math.floorDiv(dates.get(row), 86_400_000L);
    }
    if (vector instanceof TimeSecVector times) {
      return row -> times.get(row) * 1_000_000_000L;
    }
    if (vector instanceof TimeMilliVector times) {
      return row -> times.get(row) * 1_000_000L;
    }
    if (vector instanceof TimeMicroVector times) {
      return row -> times.get(row) * 1_000L;
    }
    if (vector instanceof TimeStampVector stamps) {
      TimeUnit unit = ((ArrowType.Timestamp) vector.getField().getType()).getUnit();
      return row -> micros(stamps.get(row), unit);
    }
    if (vector instanceof DurationVector durations) {
      TimeUnit unit = ((ArrowType.Duration) vector.getField().getType()).getUnit();
      return row -> micros(DurationVector.get(durations.getDataBuffer(), row), unit);
    }
    throw new IllegalStateException(vector.getField() + " is not read as integers");
  }

  private static long micros(long value, TimeUnit unit) {
    return switch (unit) {
      case SECOND -> Math.multiplyExact(value, 1_000_000L);
      case MILLISECOND -> Math.multiplyExact(value, 1_000L);
      case MICROSECOND -> value;
      case NANOSECOND -> Math.floorDiv(value, 1_000L);
    };
  }
}
