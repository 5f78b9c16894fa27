package io.sparkonnx.spark.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.spark.bind.InputSlot;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What buffers gather, wherever Spark keeps the values. */
class InputBufferTest {
  private static final DataType FLOATS = DataTypes.createArrayType(DataTypes.FloatType);
  private static final DataType DOUBLES = DataTypes.createArrayType(DataTypes.DoubleType);
  private static final LongConsumer NO_LIMIT = bytes -> {};

  private static InputSlot slot(ElementType element, int arguments, Integer... rowDims) {
    return new InputSlot(
        "x", element, List.of(rowDims), 0, arguments, false, false, InputSlot.NONE);
  }

  private static InputSlot nanForNull(ElementType element, int arguments, Integer... rowDims) {
    return new InputSlot("x", element, List.of(rowDims), 0, arguments, false, true, InputSlot.NONE);
  }

  private static double[] values(Tensor tensor) {
    return IntStream.range(0, tensor.size()).mapToDouble(tensor::doubleAt).toArray();
  }

  private static GenericArrayData array(Object... values) {
    return new GenericArrayData(values);
  }

  private static List<Object[]> rows(Object... values) {
    return Arrays.stream(values).map(value -> new Object[] {value}).toList();
  }

  private static Object number(DataType type, int i) {
    int value = i % 100;
    if (type.equals(DataTypes.ByteType)) {
      return (byte) value;
    }
    if (type.equals(DataTypes.ShortType)) {
      return (short) value;
    }
    if (type.equals(DataTypes.IntegerType)) {
      return value;
    }
    if (type.equals(DataTypes.LongType)) {
      return (long) value;
    }
    if (type.equals(DataTypes.FloatType)) {
      return (float) value;
    }
    if (type.equals(DataTypes.DoubleType)) {
      return (double) value;
    }
    DecimalType decimal = (DecimalType) type;
    return Decimal.apply(new BigDecimal(value), decimal.precision(), decimal.scale());
  }

  static List<Arguments> conversions() {
    List<DataType> integers =
        List.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);
    List<DataType> numbers = new ArrayList<>(integers);
    numbers.addAll(
        List.of(
            DataTypes.FloatType,
            DataTypes.DoubleType,
            DataTypes.createDecimalType(9, 2),
            DataTypes.createDecimalType(18, 4),
            DataTypes.createDecimalType(38, 6)));
    List<Arguments> all = new ArrayList<>();
    for (Gathered from : Gathered.values()) {
      for (DataType type : numbers) {
        all.add(Arguments.of(from, type, ElementType.FLOAT));
        all.add(Arguments.of(from, type, ElementType.DOUBLE));
        all.add(Arguments.of(from, type, ElementType.FLOAT16));
      }
      all.add(Arguments.of(from, DataTypes.ByteType, ElementType.INT8));
      all.add(Arguments.of(from, DataTypes.ByteType, ElementType.INT16));
      all.add(Arguments.of(from, DataTypes.ShortType, ElementType.INT16));
      all.add(Arguments.of(from, DataTypes.ShortType, ElementType.UINT8));
      all.add(Arguments.of(from, DataTypes.IntegerType, ElementType.INT32));
      all.add(Arguments.of(from, DataTypes.ShortType, ElementType.INT32));
      all.add(Arguments.of(from, DataTypes.LongType, ElementType.INT64));
      all.add(Arguments.of(from, DataTypes.LongType, ElementType.UINT32));
      all.add(Arguments.of(from, DataTypes.IntegerType, ElementType.UINT64));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("conversions")
  void numbersOfAllColumnsAndArrays(Gathered from, DataType type, ElementType element) {
    int rows = 1500;
    InputBuffer columns =
        InputBuffer.of(slot(element, 3, 3), Collections.nCopies(3, type), NO_LIMIT);
    from.into(
        columns,
        Collections.nCopies(3, type),
        IntStream.range(0, rows)
            .mapToObj(row -> IntStream.range(3 * row, 3 * row + 3))
            .map(numbers -> numbers.mapToObj(i -> number(type, i)).toArray())
            .toList());
    double[] expected = IntStream.range(0, 3 * rows).mapToDouble(i -> i % 100).toArray();
    assertThat(values(columns.tensor(0, rows))).isEqualTo(expected);
    assertThat(columns.tensor(0, rows).dims()).containsExactly(rows, 3);

    DataType arrayType = DataTypes.createArrayType(type);
    InputBuffer arrays = InputBuffer.of(slot(element, 1, 3), List.of(arrayType), NO_LIMIT);
    from.into(
        arrays,
        List.of(arrayType),
        IntStream.range(0, rows)
            .mapToObj(row -> IntStream.range(3 * row, 3 * row + 3))
            .map(numbers -> array(numbers.mapToObj(i -> number(type, i)).toArray()))
            .map(value -> new Object[] {value})
            .toList());
    assertThat(values(arrays.tensor(0, rows))).isEqualTo(expected);
    assertThat(values(arrays.tensor(7, 9))).isEqualTo(Arrays.copyOfRange(expected, 21, 27));
  }

  @ParameterizedTest
  @EnumSource
  void booleans(Gathered from) {
    DataType type = DataTypes.createArrayType(DataTypes.BooleanType);
    InputBuffer buffer = InputBuffer.of(slot(ElementType.BOOL, 1, 2), List.of(type), NO_LIMIT);
    from.into(buffer, List.of(type), rows(array(true, false), array(false, true)));
    assertThat(values(buffer.tensor(0, 2))).containsExactly(1, 0, 0, 1);
  }

  @ParameterizedTest
  @EnumSource
  void nestedArraysAndOpenDimensions(Gathered from) {
    DataType nested = DataTypes.createArrayType(FLOATS);
    InputBuffer fixed = InputBuffer.of(slot(ElementType.FLOAT, 1, 2, 2), List.of(nested), NO_LIMIT);
    Object square = array(array(1f, 2f), array(3f, 4f));
    from.into(fixed, List.of(nested), rows(square, square));
    assertThat(values(fixed.tensor(1, 2))).containsExactly(1, 2, 3, 4);

    InputBuffer open = InputBuffer.of(slot(ElementType.FLOAT, 1, -1, 2), List.of(nested), NO_LIMIT);
    Object one = array(array(new Object[] {5f, 6f}));
    from.into(open, List.of(nested), rows(square, one, one, array()));
    assertThat(open.shape(1)).isEqualTo(open.shape(2)).isNotEqualTo(open.shape(0));
    assertThat(open.shape(3)).isNotIn(open.shape(0), open.shape(1));
    assertThat(open.tensor(1, 3).dims()).containsExactly(2, 1, 2);
    assertThat(values(open.tensor(1, 3))).containsExactly(5, 6, 5, 6);
    assertThat(open.tensor(3, 4).dims()).containsExactly(1, 0, 2);
    assertThatThrownBy(
            () -> from.into(fixed, List.of(nested), rows(square, array(array(1f, 2f), array(3f)))))
        .isInstanceOf(BadValueException.class)
        .hasMessage("has 1 elements where dimension 1 of a row takes 2")
        .extracting(e -> ((BadValueException) e).row())
        .isEqualTo(1);
    assertThatThrownBy(
            () -> from.into(fixed, List.of(nested), rows(square, array(array(1f, 2f), null))))
        .isInstanceOf(BadValueException.class)
        .hasMessage("holds NULL");
  }

  private static RowRun run(int length, int... order) {
    return new RowRun(order, 0, order.length, length);
  }

  @ParameterizedTest
  @EnumSource
  void rowsOfOneShapeArePutTogetherFromWhereverTheyLie(Gathered from) {
    List<DataType> two = Collections.nCopies(2, DataTypes.FloatType);
    List<Object[]> rows =
        List.of(new Object[] {1f, 2f}, new Object[] {3f, 4f}, new Object[] {5f, 6f});
    InputBuffer scalars = InputBuffer.of(slot(ElementType.FLOAT, 2, 2), two, NO_LIMIT);
    from.into(scalars, two, rows);
    assertThat(values(scalars.picked(run(RowRun.OWN, 0, 2)))).containsExactly(1, 2, 5, 6);
    InputBuffer columns = new ColumnsBuffer(slot(ElementType.FLOAT, 2, 2), two);
    from.into(columns, two, rows);
    assertThat(values(columns.picked(run(RowRun.OWN, 0, 2)))).containsExactly(1, 5, 2, 6);
    assertThat(columns.picked(run(RowRun.OWN, 0, 2)).dims()).containsExactly(2, 2);

    DataType strings = DataTypes.createArrayType(DataTypes.StringType);
    InputBuffer words = InputBuffer.of(slot(ElementType.STRING, 1, -1), List.of(strings), NO_LIMIT);
    UTF8String[] word = {UTF8String.fromString("a"), UTF8String.fromString("bc")};
    from.into(
        words, List.of(strings), rows(array(word[0]), array(word[0], word[1]), array(word[1])));
    Tensor picked = words.picked(run(RowRun.OWN, 0, 2));
    assertThat(((StringTensor) picked).toArray()).containsExactly("a", "bc");
    assertThat(picked.dims()).containsExactly(2, 1);
  }

  @ParameterizedTest
  @EnumSource
  void sequencesArePaddedAlongTheirAxis(Gathered from) {
    DataType nested = DataTypes.createArrayType(FLOATS);
    InputSlot slot = new InputSlot("x", ElementType.FLOAT, List.of(2, -1), 0, 1, false, false, 1);
    InputBuffer buffer = InputBuffer.of(slot, List.of(nested), NO_LIMIT);
    from.into(
        buffer,
        List.of(nested),
        rows(
            array(array(1f, 2f), array(3f, 4f)),
            array(array(new Object[] {5f}), array(new Object[] {6f}))));
    assertThat(buffer.length(0)).isEqualTo(2);
    assertThat(buffer.length(1)).isEqualTo(1);
    Tensor padded = buffer.picked(run(3, 0, 1));
    assertThat(padded.dims()).containsExactly(2, 2, 3);
    assertThat(values(padded)).containsExactly(1, 2, 0, 3, 4, 0, 5, 0, 0, 6, 0, 0);
  }

  static List<Arguments> floats() {
    List<Arguments> all = new ArrayList<>();
    for (Gathered from : Gathered.values()) {
      for (ElementType element :
          List.of(
              ElementType.FLOAT, ElementType.DOUBLE, ElementType.FLOAT16, ElementType.BFLOAT16)) {
        all.add(Arguments.of(from, element));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("floats")
  void nullElementsBecomeNanWhereThatIsSaid(Gathered from, ElementType element) {
    List<DataType> two = List.of(DataTypes.DoubleType, DataTypes.IntegerType);
    InputBuffer columns = InputBuffer.of(nanForNull(element, 2, 2), two, NO_LIMIT);
    from.into(columns, two, List.of(new Object[] {null, 1}, new Object[] {2.0, null}));
    assertThat(values(columns.tensor(0, 2))).containsExactly(Double.NaN, 1, 2, Double.NaN);

    InputBuffer arrays = InputBuffer.of(nanForNull(element, 1, 2), List.of(DOUBLES), NO_LIMIT);
    from.into(arrays, List.of(DOUBLES), rows(array(null, 1.0), array(2.0, 3.0)));
    assertThat(values(arrays.tensor(0, 2))).containsExactly(Double.NaN, 1, 2, 3);
    assertThatThrownBy(
            () -> from.into(arrays, List.of(DOUBLES), rows(array(1.0, 2.0), (Object) null)))
        .isInstanceOf(BadValueException.class)
        .hasMessage("is NULL")
        .extracting(e -> ((BadValueException) e).row())
        .isEqualTo(1);
  }

  /** Each value lies beyond a midpoint by less than what a float, or a double, holds. */
  static List<Arguments> nearMidpoints() {
    DecimalType decimal = DataTypes.createDecimalType(38, 30);
    BigDecimal midpoint = new BigDecimal("1.00048828125");
    BigDecimal little = new BigDecimal("1e-30");
    Decimal above = Decimal.apply(midpoint.add(little), 38, 30);
    Decimal below =
        Decimal.apply(midpoint.add(new BigDecimal("9.765625e-4")).subtract(little), 38, 30);
    double ulp = 0x1p-10;
    long large = 1L << 60;
    List<Arguments> all = new ArrayList<>();
    for (Gathered from : Gathered.values()) {
      ElementType half = ElementType.FLOAT16;
      all.add(Arguments.of(from, DataTypes.DoubleType, half, 1 + 0x1p-11 + 0x1p-26, 1 + ulp));
      all.add(Arguments.of(from, DataTypes.DoubleType, half, -1 - 0x1p-11 - 0x1p-26, -1 - ulp));
      all.add(Arguments.of(from, DataTypes.DoubleType, half, 1 + 3 * 0x1p-11 - 0x1p-26, 1 + ulp));
      all.add(Arguments.of(from, DataTypes.DoubleType, half, 1 + 0x1p-11, 1.0));
      all.add(Arguments.of(from, decimal, half, above, 1 + ulp));
      all.add(Arguments.of(from, decimal, half, below, 1 + ulp));
      ElementType brain = ElementType.BFLOAT16;
      all.add(Arguments.of(from, DataTypes.DoubleType, brain, 1 + 0x1p-8 + 0x1p-30, 1 + 0x1p-7));
      all.add(Arguments.of(from, DataTypes.DoubleType, brain, 1e-60, 0.0));
      all.add(
          Arguments.of(from, DataTypes.LongType, brain, large + (1L << 52) + 1, 0x1p60 + 0x1p53));
      all.add(
          Arguments.of(from, DataTypes.LongType, brain, -large - (1L << 52) - 1, -0x1p60 - 0x1p53));
      all.add(Arguments.of(from, DataTypes.LongType, brain, Long.MAX_VALUE, 0x1p63));
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("nearMidpoints")
  void shortFloatsAreRoundedOnce(
      Gathered from, DataType type, ElementType element, Object value, double expected) {
    InputBuffer columns = InputBuffer.of(slot(element, 1, 1), List.of(type), NO_LIMIT);
    from.into(columns, List.of(type), rows(value));
    assertThat(values(columns.tensor(0, 1))).containsExactly(expected);
  }

  @ParameterizedTest
  @EnumSource
  void nullsAreBadElsewhere(Gathered from) {
    List<DataType> two = List.of(DataTypes.FloatType, DataTypes.FloatType);
    InputBuffer columns = InputBuffer.of(slot(ElementType.FLOAT, 2, 2), two, NO_LIMIT);
    assertThatThrownBy(
            () -> from.into(columns, two, List.of(new Object[] {1f, 2f}, new Object[] {1f, null})))
        .isInstanceOf(BadValueException.class)
        .hasMessage("is NULL")
        .satisfies(e -> assertThat(((BadValueException) e).row()).isEqualTo(1))
        .satisfies(e -> assertThat(((BadValueException) e).argument()).isEqualTo(1));
    InputBuffer arrays = InputBuffer.of(slot(ElementType.FLOAT, 1, 2), List.of(FLOATS), NO_LIMIT);
    assertThatThrownBy(
            () -> from.into(arrays, List.of(FLOATS), rows(array(1f, 2f), array(1f, null))))
        .isInstanceOf(BadValueException.class)
        .hasMessage("holds NULL at index 1");
  }

  @ParameterizedTest
  @EnumSource
  void aValueThatOverflowsIsFoundInItsRow(Gathered from) {
    InputBuffer arrays = InputBuffer.of(slot(ElementType.FLOAT, 1, 2), List.of(DOUBLES), NO_LIMIT);
    assertThatThrownBy(
            () -> from.into(arrays, List.of(DOUBLES), rows(array(1.0, 2.0), array(1.0, 1e39))))
        .isInstanceOf(BadValueException.class)
        .hasMessage("1.0E39 is beyond the range of float")
        .extracting(e -> ((BadValueException) e).row())
        .isEqualTo(1);
    List<DataType> two = List.of(DataTypes.LongType, DataTypes.LongType);
    InputBuffer columns = InputBuffer.of(slot(ElementType.UINT32, 2, 2), two, NO_LIMIT);
    assertThatThrownBy(
            () -> from.into(columns, two, List.of(new Object[] {1L, 2L}, new Object[] {3L, -4L})))
        .isInstanceOf(BadValueException.class)
        .hasMessage("-4 is beyond the range of uint32")
        .satisfies(e -> assertThat(((BadValueException) e).row()).isEqualTo(1))
        .satisfies(e -> assertThat(((BadValueException) e).argument()).isEqualTo(1));
  }

  @ParameterizedTest
  @EnumSource
  void vectorsDenseAndSparse(Gathered from) {
    DataType type = new VectorType();
    List<Object[]> vectors =
        rows(
            VectorType.dense(1, 2, 3),
            VectorType.sparse(3, new int[] {2}, 5),
            VectorType.sparse(3, new int[] {}, new double[0]),
            VectorType.dense(4, Double.NaN, 6));
    for (ElementType element : List.of(ElementType.FLOAT, ElementType.DOUBLE)) {
      InputBuffer fixed = InputBuffer.of(slot(element, 1, 3), List.of(type), NO_LIMIT);
      from.into(fixed, List.of(type), rows(VectorType.dense(9, 9, 9), VectorType.dense(9, 9, 9)));
      from.into(fixed, List.of(type), vectors);
      assertThat(values(fixed.tensor(0, 4)))
          .containsExactly(1, 2, 3, 0, 0, 5, 0, 0, 0, 4, Double.NaN, 6);
      InputBuffer open = InputBuffer.of(slot(element, 1, -1), List.of(type), NO_LIMIT);
      from.into(
          open, List.of(type), rows(VectorType.dense(1), VectorType.sparse(2, new int[] {1}, 7)));
      assertThat(open.tensor(1, 2).dims()).containsExactly(1, 2);
      assertThat(values(open.tensor(1, 2))).containsExactly(0, 7);
    }
  }

  @ParameterizedTest
  @EnumSource
  void memoryIsAskedForBeforeOpenRowsTakeIt(Gathered from) {
    LongConsumer none =
        bytes -> {
          throw new OnnxException(OnnxException.Code.LIMIT_EXCEEDED, "no " + bytes + " bytes");
        };
    InputBuffer arrays = InputBuffer.of(slot(ElementType.FLOAT, 1, -1), List.of(FLOATS), none);
    assertThatThrownBy(() -> from.into(arrays, List.of(FLOATS), rows(array(1f, 2f, 3f))))
        .hasMessage("no 12 bytes");
    List<DataType> type = List.of(new VectorType());
    InputBuffer vectors = InputBuffer.of(slot(ElementType.DOUBLE, 1, -1), type, none);
    Object sparse = VectorType.sparse(1000, new int[] {5}, 1);
    assertThatThrownBy(() -> from.into(vectors, type, rows(sparse))).hasMessage("no 8000 bytes");
  }

  @ParameterizedTest
  @EnumSource
  void vectorsOfAnotherSizeAreBad(Gathered from) {
    DataType type = new VectorType();
    InputBuffer buffer = InputBuffer.of(slot(ElementType.FLOAT, 1, 3), List.of(type), NO_LIMIT);
    Object good = VectorType.dense(1, 2, 3);
    assertThatThrownBy(() -> from.into(buffer, List.of(type), rows(good, VectorType.dense(1))))
        .isInstanceOf(BadValueException.class)
        .hasMessage("has 1 elements where a row takes 3")
        .extracting(e -> ((BadValueException) e).row())
        .isEqualTo(1);
    Object sparse = VectorType.sparse(4, new int[] {0}, 1);
    assertThatThrownBy(() -> from.into(buffer, List.of(type), rows(good, sparse)))
        .hasMessage("has 4 elements where a row takes 3");
    Object beyond = VectorType.sparse(3, new int[] {3}, 1);
    assertThatThrownBy(() -> from.into(buffer, List.of(type), rows(good, beyond)))
        .hasMessage("has the index 3 in a vector of 3");
    assertThatThrownBy(() -> from.into(buffer, List.of(type), rows(good, (Object) null)))
        .hasMessage("is NULL");
  }

  private static byte[] little(int bytes, IntFunction<Number> value, int count) {
    ByteBuffer buffer = ByteBuffer.allocate(bytes * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      Number number = value.apply(i);
      if (number instanceof Float f) {
        buffer.putFloat(f);
      } else if (number instanceof Double d) {
        buffer.putDouble(d);
      } else if (bytes == 8) {
        buffer.putLong(number.longValue());
      } else if (bytes == 4) {
        buffer.putInt(number.intValue());
      } else if (bytes == 2) {
        buffer.putShort(number.shortValue());
      } else {
        buffer.put(number.byteValue());
      }
    }
    return buffer.array();
  }

  @ParameterizedTest
  @EnumSource
  void rawTensorsOfAllTypes(Gathered from) {
    List<DataType> binary = List.of(DataTypes.BinaryType);
    for (ElementType element :
        List.of(
            ElementType.FLOAT,
            ElementType.DOUBLE,
            ElementType.INT8,
            ElementType.UINT8,
            ElementType.INT16,
            ElementType.INT32,
            ElementType.UINT32,
            ElementType.INT64)) {
      IntFunction<Number> value =
          switch (element) {
            case FLOAT -> i -> (float) i + 0.5f;
            case DOUBLE -> i -> i + 0.5;
            default -> i -> i;
          };
      int bytes = element.storage().bytes();
      InputBuffer buffer = InputBuffer.of(slot(element, 1, 2, 3), binary, NO_LIMIT);
      from.into(buffer, binary, rows(little(bytes, value, 6), little(bytes, value, 6)));
      double[] expected =
          IntStream.range(0, 12).mapToDouble(i -> value.apply(i % 6).doubleValue()).toArray();
      assertThat(values(buffer.tensor(0, 2))).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void rawTensorsSettleOneOpenDimension(Gathered from) {
    List<DataType> binary = List.of(DataTypes.BinaryType);
    InputBuffer buffer = InputBuffer.of(slot(ElementType.INT16, 1, -1, 2), binary, NO_LIMIT);
    from.into(buffer, binary, rows(little(2, i -> i, 2), little(2, i -> 10 + i, 4), new byte[0]));
    assertThat(buffer.tensor(1, 2).dims()).containsExactly(1, 2, 2);
    assertThat(values(buffer.tensor(1, 2))).containsExactly(10, 11, 12, 13);
    assertThat(buffer.tensor(2, 3).dims()).containsExactly(1, 0, 2);
    assertThatThrownBy(() -> from.into(buffer, binary, rows(new byte[4], new byte[6])))
        .isInstanceOf(BadValueException.class)
        .hasMessage("has 6 bytes, which is no multiple of 2 elements of 2")
        .extracting(e -> ((BadValueException) e).row())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void rawTensorsOfAnotherSizeAreBad(Gathered from) {
    List<DataType> binary = List.of(DataTypes.BinaryType);
    InputBuffer buffer = InputBuffer.of(slot(ElementType.FLOAT, 1, 3), binary, NO_LIMIT);
    assertThatThrownBy(() -> from.into(buffer, binary, rows(new byte[12], new byte[13])))
        .isInstanceOf(BadValueException.class)
        .hasMessage("has 13 bytes where a row takes 3 elements of 4")
        .extracting(e -> ((BadValueException) e).row())
        .isEqualTo(1);
    InputBuffer booleans = InputBuffer.of(slot(ElementType.BOOL, 1, 3), binary, NO_LIMIT);
    from.into(booleans, binary, rows(new byte[] {1, 0, 1}));
    assertThat(values(booleans.tensor(0, 1))).containsExactly(1, 0, 1);
    assertThatThrownBy(() -> from.into(booleans, binary, rows(new byte[] {1, 2, 0})))
        .hasMessage("has the byte 2 at index 1 where a bool is 0 or 1");
  }

  @Test
  void elementsAreReversedForBigEndianMachines() {
    byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8};
    BytesBuffer.reverse(bytes, 4);
    assertThat(bytes).containsExactly(4, 3, 2, 1, 8, 7, 6, 5);
  }

  @Test
  void decimalsAreRoundedOnce() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      int scale = random.nextInt(19);
      DecimalType type = DataTypes.createDecimalType(18, scale);
      long unscaled = random.nextLong() % (long) Math.pow(10, 1 + random.nextInt(18));
      check(type, new BigDecimal(java.math.BigInteger.valueOf(unscaled), scale));
    }
    check(DataTypes.createDecimalType(18, 0), new BigDecimal("16777217"));
    check(DataTypes.createDecimalType(18, 9), new BigDecimal("16777217.000000001"));
    check(DataTypes.createDecimalType(18, 9), new BigDecimal("16777216.999999999"));
    check(DataTypes.createDecimalType(38, 0), new BigDecimal("9007199254740993"));
  }

  private static void check(DecimalType type, BigDecimal value) {
    DecimalReader reader = new DecimalReader(type);
    GenericArrayData from =
        array(new Object[] {Decimal.apply(value, type.precision(), type.scale())});
    assertThat(reader.toFloat(from, 0))
        .as("%s", value)
        .isEqualTo(Float.parseFloat(value.toString()));
    assertThat(reader.toDouble(from, 0))
        .as("%s", value)
        .isEqualTo(Double.parseDouble(value.toString()));
  }
}
