package io.sparkonnx.engine.op.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.math.Numbers;
import io.sparkonnx.engine.op.tensor.OneOperator;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MatMulTest {
  private static final Dim N = Dim.symbol("n");

  record Case(int[] a, int[] b, int[] y) {
    @Override
    public String toString() {
      return Arrays.toString(a) + " x " + Arrays.toString(b);
    }
  }

  private static int[] dims(int... dims) {
    return dims;
  }

  static List<Case> cases() {
    return List.of(
        new Case(dims(1, 1), dims(1, 1), dims(1, 1)),
        new Case(dims(7, 16), dims(16, 17), dims(7, 17)),
        new Case(dims(3, 7, 5), dims(5, 17), dims(3, 7, 17)),
        new Case(dims(7, 5), dims(3, 5, 4), dims(3, 7, 4)),
        new Case(dims(2, 1, 7, 5), dims(3, 5, 4), dims(2, 3, 7, 4)),
        new Case(dims(2, 3, 7, 5), dims(1, 1, 5, 4), dims(2, 3, 7, 4)),
        new Case(dims(5), dims(5, 4), dims(4)),
        new Case(dims(7, 5), dims(5), dims(7)),
        new Case(dims(5), dims(5), dims()),
        new Case(dims(5), dims(3, 5, 4), dims(3, 4)),
        new Case(dims(2, 3, 5), dims(5), dims(2, 3)),
        new Case(dims(0, 5), dims(5, 4), dims(0, 4)),
        new Case(dims(3, 0), dims(0, 4), dims(3, 4)));
  }

  /** Row-major index of an operand's matrix for one of the output's. */
  private static int matrix(int index, int[] leading, int[] dims) {
    int rank = leading.length;
    int result = 0;
    int step = 1;
    int rest = index;
    for (int axis = rank - 1; axis >= 0; axis--) {
      int at = axis - (rank - (dims.length - 2));
      int own = at < 0 ? 1 : dims[at];
      result += own == 1 ? 0 : rest % leading[axis] * step;
      rest /= leading[axis];
      step *= own;
    }
    return result;
  }

  private static double[] expected(Tensor a, Tensor b, Case c) {
    int[] aDims = c.a().length == 1 ? dims(1, c.a()[0]) : c.a();
    int[] bDims = c.b().length == 1 ? dims(c.b()[0], 1) : c.b();
    int m = aDims[aDims.length - 2];
    int k = aDims[aDims.length - 1];
    int n = bDims[bDims.length - 1];
    int[] aLeading = Arrays.copyOf(aDims, aDims.length - 2);
    int[] bLeading = Arrays.copyOf(bDims, bDims.length - 2);
    int[] leading = aLeading.length >= bLeading.length ? aLeading.clone() : bLeading.clone();
    for (int i = 1; i <= Math.min(aLeading.length, bLeading.length); i++) {
      leading[leading.length - i] =
          Math.max(aLeading[aLeading.length - i], bLeading[bLeading.length - i]);
    }
    int count = Tensor.sizeOf(leading);
    double[] y = new double[count * m * n];
    for (int i = 0; i < y.length; i++) {
      int product = i / (m * n);
      int row = matrix(product, leading, aDims) * m * k + i / n % m * k;
      int column = matrix(product, leading, bDims) * k * n + i % n;
      for (int p = 0; p < k; p++) {
        y[i] += a.doubleAt(row + p) * b.doubleAt(column + p * n);
      }
    }
    return y;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void multipliesBroadcastMatrices(Case c) {
    FloatTensor a = Numbers.random(1, c.a());
    FloatTensor b = Numbers.random(2, c.b());
    Tensor y = OneOperator.of("MatMul", 13).run(a, b);
    double[] expected = expected(a, b, c);
    assertThat(y.dims()).isEqualTo(c.y());
    for (int i = 0; i < expected.length; i++) {
      assertThat(y.doubleAt(i)).isCloseTo(expected[i], within(1e-5));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void multipliesDoublesAndIntegers(Case c) {
    for (ElementType type :
        List.of(ElementType.DOUBLE, ElementType.INT32, ElementType.INT64, ElementType.FLOAT16)) {
      Tensor a = small(type, c.a());
      Tensor b = small(type, c.b());
      Tensor y = OneOperator.of("MatMul", 13).run(a, b);
      double[] actual = new double[y.size()];
      Arrays.setAll(actual, y::doubleAt);
      assertThat(actual).isEqualTo(expected(a, b, c));
    }
  }

  private static Tensor small(ElementType type, int[] dims) {
    double[] values = new double[Tensor.sizeOf(dims)];
    Arrays.setAll(values, i -> i * 7 % 11 - 5);
    return Numbers.of(type, dims, values);
  }

  @Test
  void wrapsIntegers() {
    Tensor a = Tensor.of(new int[] {Integer.MAX_VALUE, 1}, 1, 2);
    Tensor b = Tensor.of(new int[] {1, 1}, 2, 1);
    assertThat(OneOperator.of("MatMul", 13).run(a, b).longAt(0)).isEqualTo(Integer.MIN_VALUE);
  }

  @Test
  void givesARowTheSameBitsInAnyBatch() {
    FloatTensor a = Numbers.random(1, 64, 31);
    FloatTensor b = Numbers.random(2, 31, 17);
    float[] all = ((FloatTensor) OneOperator.of("MatMul", 13).run(a, b)).toArray();
    for (int row : new int[] {0, 13, 63}) {
      Tensor one = a.view(a.offset() + row * 31, 1, 31);
      assertThat(((FloatTensor) OneOperator.of("MatMul", 13).run(one, b)).toArray())
          .isEqualTo(Arrays.copyOfRange(all, row * 17, (row + 1) * 17));
    }
  }

  @Test
  void refusesOtherLengths() {
    assertThatThrownBy(
            () ->
                OneOperator.of("MatMul", 13).run(Numbers.random(1, 2, 3), Numbers.random(2, 4, 5)))
        .hasMessageContaining("A has 3 columns but B has 4 rows");
  }

  private static ValueInfo floats(Object... dims) {
    return ValueInfo.of(
        ElementType.FLOAT,
        Shape.of(
            Arrays.stream(dims).map(d -> d instanceof Dim dim ? dim : Dim.of((int) d)).toList()));
  }

  private static BatchAxis batch(BatchAxis left, BatchAxis right, ValueInfo a, ValueInfo b) {
    return OneOperator.of("MatMul", 13).batch(List.of(left, right), a, b);
  }

  @Test
  void findsTheBatchInTheOutput() {
    BatchAxis shared = BatchAxis.SHARED;
    BatchAxis first = BatchAxis.rows(0);
    assertThat(batch(first, shared, floats(N, 5), floats(5, 4))).isEqualTo(first);
    assertThat(batch(first, shared, floats(N, 7, 5), floats(5, 4))).isEqualTo(first);
    assertThat(batch(first, shared, floats(N, 7, 5), floats(5))).isEqualTo(first);
    assertThat(batch(BatchAxis.rows(1), shared, floats(3, N, 5), floats(5)))
        .isEqualTo(BatchAxis.rows(1));
    assertThat(batch(first, first, floats(N, 7, 5), floats(N, 5, 4))).isEqualTo(first);
    assertThat(batch(shared, first, floats(7, 5), floats(N, 5, 4))).isEqualTo(first);
    assertThat(batch(shared, BatchAxis.rows(1), floats(7, 5), floats(5, N)))
        .isEqualTo(BatchAxis.rows(1));
    assertThat(batch(first, shared, floats(N, 5), floats(3, 5, 4))).isEqualTo(BatchAxis.rows(1));
  }

  @Test
  void isCoupledWhereRowsMix() {
    BatchAxis shared = BatchAxis.SHARED;
    assertThat(batch(BatchAxis.rows(1), shared, floats(7, N), floats(N, 4)).kind())
        .isEqualTo(BatchAxis.Kind.COUPLED);
    assertThat(batch(shared, BatchAxis.rows(0), floats(7, 5), floats(N, 4)).kind())
        .isEqualTo(BatchAxis.Kind.COUPLED);
    assertThat(batch(BatchAxis.rows(0), BatchAxis.rows(1), floats(N, 5), floats(5, N)).kind())
        .isEqualTo(BatchAxis.Kind.COUPLED);
  }
}
