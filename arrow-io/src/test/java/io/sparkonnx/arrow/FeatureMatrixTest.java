package io.sparkonnx.arrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.arrow.column.Elements;
import io.sparkonnx.arrow.column.RowMask;
import io.sparkonnx.arrow.read.FeatureMatrix;
import io.sparkonnx.arrow.read.VectorReader;
import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns of numbers side by side in one row-major input. */
class FeatureMatrixTest {
  private static final int NUMBERS = 11;

  private final BufferAllocator allocator = new RootAllocator();
  private final List<FieldVector> vectors = new ArrayList<>();

  @BeforeEach
  @AfterEach
  void clear() {
    vectors.forEach(FieldVector::close);
    vectors.clear();
  }

  @AfterEach
  void nothingLeaks() {
    clear();
    allocator.close();
  }

  private void numbers(int rows) {
    for (int i = 0; i < NUMBERS; i++) {
      vectors.add(RandomVectors.of(RandomVectors.everyType().get(i), rows, 0.1, i, allocator));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 17, 4097, 9001})
  void everyNumberBecomesTheNearestFloat(int rows) {
    numbers(rows);
    FeatureMatrix.Rows matrix = new FeatureMatrix(ElementType.FLOAT, vectors).read(0, rows);
    assertThat(matrix.tensor().dims()).containsExactly(rows, NUMBERS);
    assertThat(matrix.overflows().isEmpty()).isTrue();
    for (int c = 0; c < NUMBERS; c++) {
      Elements column = (Elements) VectorReader.of(vectors.get(c), null).read(0, rows);
      assertThat(matrix.nulls().get(c)).isEqualTo(column.nulls());
      for (int r = 0; r < rows; r++) {
        float result = ((FloatTensor) matrix.tensor()).get(r * NUMBERS + c);
        assertThat(Float.floatToIntBits(result)).isEqualTo(floatBits(column.tensor(), r));
      }
    }
  }

  private static int floatBits(Tensor tensor, int row) {
    ElementType type = tensor.type();
    boolean wide = type == ElementType.INT64 || type == ElementType.UINT64;
    return Float.floatToIntBits(
        wide ? integer(tensor, row).floatValue() : (float) tensor.doubleAt(row));
  }

  private static BigInteger integer(Tensor tensor, int row) {
    long value = ((LongTensor) tensor).get(row);
    return tensor.type() == ElementType.UINT64
        ? new BigInteger(Long.toUnsignedString(value))
        : BigInteger.valueOf(value);
  }

  @Test
  void rangesGoAnywhereIntoAnArray() {
    numbers(700);
    double[] array = new double[5 + 600 * NUMBERS + 5];
    new FeatureMatrix(ElementType.DOUBLE, vectors).read(33, 600, array, 5);
    FeatureMatrix.Rows all = new FeatureMatrix(ElementType.DOUBLE, vectors).read(0, 700);
    double[] expected = ((DoubleTensor) all.tensor()).array();
    for (int i = 0; i < 600 * NUMBERS; i++) {
      assertThat(Double.doubleToLongBits(array[5 + i]))
          .isEqualTo(Double.doubleToLongBits(expected[33 * NUMBERS + i]));
    }
    assertThat(array).startsWith(0, 0, 0, 0, 0).endsWith(0, 0, 0, 0, 0);
  }

  @Test
  void unsignedNumbersRoundOnce() {
    UInt8Vector unsigned = new UInt8Vector("u", allocator);
    vectors.add(unsigned);
    long[] values = {-1, Long.MIN_VALUE, 0x8000_0080_0000_0001L, 0x8000_0080_0000_0000L, 7};
    unsigned.allocateNew(values.length);
    for (int i = 0; i < values.length; i++) {
      unsigned.set(i, values[i]);
    }
    unsigned.setValueCount(values.length);
    FloatTensor floats =
        (FloatTensor) new FeatureMatrix(ElementType.FLOAT, vectors).read(0, 5).tensor();
    for (int i = 0; i < values.length; i++) {
      assertThat(floats.get(i))
          .isEqualTo(new BigInteger(Long.toUnsignedString(values[i])).floatValue());
    }
  }

  @Test
  void aFiniteNumberThatBecomesInfiniteIsMarkedUnlessItIsNull() {
    Float8Vector doubles = new Float8Vector("d", allocator);
    vectors.add(doubles);
    double[] values = {1, 1e300, Double.POSITIVE_INFINITY, -1e39, 1e300};
    doubles.allocateNew(values.length);
    for (int i = 0; i < values.length; i++) {
      doubles.set(i, values[i]);
    }
    doubles.setNull(4);
    doubles.setValueCount(values.length);
    FeatureMatrix.Rows rows = new FeatureMatrix(ElementType.FLOAT, vectors).read(1, 4);
    assertThat(rows.overflows().toBitSet().stream()).containsExactly(0, 2);
    assertThat(rows.nulls().get(0).toBitSet().stream()).containsExactly(3);
    assertThat(new FeatureMatrix(ElementType.DOUBLE, vectors).read(0, 5).overflows())
        .isEqualTo(RowMask.none(5));
  }

  @Test
  void integerInputsTakeTheirOwnTypeAlone() {
    BigIntVector longs = new BigIntVector("l", allocator);
    vectors.add(longs);
    longs.allocateNew(2);
    longs.set(0, Long.MAX_VALUE);
    longs.set(1, 3);
    longs.setValueCount(2);
    LongTensor read =
        (LongTensor) new FeatureMatrix(ElementType.INT64, vectors).read(0, 2).tensor();
    assertThat(read.toArray()).containsExactly(Long.MAX_VALUE, 3);
    assertThatThrownBy(() -> new FeatureMatrix(ElementType.INT32, vectors))
        .isInstanceOf(OnnxException.class)
        .hasMessage("column 'l' must hold int32, not Arrow's Int(64, true)");
  }

  @Test
  void textIsNoFeature() {
    vectors.add(
        RandomVectors.of(RandomVectors.field("t", ArrowType.Utf8.INSTANCE), 1, 0, 1, allocator));
    assertThatThrownBy(() -> new FeatureMatrix(ElementType.FLOAT, vectors))
        .isInstanceOf(OnnxException.class)
        .hasMessage("column 't' must hold numbers, not Arrow's Utf8");
  }
}
