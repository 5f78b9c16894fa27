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
import org.junit.jupiter.params.provider.ValueSource;

class GemmTest {
  private static final int M = 7;
  private static final int N = 17;
  private static final int K = 5;

  private static OneOperator gemm(int transposes) {
    return OneOperator.of("Gemm", 13)
        .with("transA", (long) (transposes & 1))
        .with("transB", (long) (transposes >> 1))
        .with("alpha", 0.5f)
        .with("beta", 2f);
  }

  private static double expected(int transposes, Tensor a, Tensor b, double c, int i, int j) {
    double sum = 0;
    for (int p = 0; p < K; p++) {
      double left = a.doubleAt((transposes & 1) == 1 ? p * M + i : i * K + p);
      double right = b.doubleAt(transposes >> 1 == 1 ? j * K + p : p * N + j);
      sum += left * right;
    }
    return 0.5 * sum + 2 * c;
  }

  static List<int[]> broadcasts() {
    return List.of(
        new int[] {},
        new int[] {1},
        new int[] {N},
        new int[] {1, N},
        new int[] {M, 1},
        new int[] {M, N},
        new int[] {1, 1});
  }

  @ParameterizedTest
  @MethodSource("broadcasts")
  void addsAScaledBroadcastC(int[] dims) {
    for (int transposes = 0; transposes < 4; transposes++) {
      FloatTensor a =
          Numbers.random(1, (transposes & 1) == 1 ? new int[] {K, M} : new int[] {M, K});
      FloatTensor b = Numbers.random(2, transposes >> 1 == 1 ? new int[] {N, K} : new int[] {K, N});
      FloatTensor c = Numbers.random(3, dims);
      Tensor y = gemm(transposes).run(a, b, c);
      for (int i = 0; i < M * N; i++) {
        double summand = c.get(FloatGemm.broadcastIndex(c, i / N, i % N));
        assertThat(y.doubleAt(i))
            .isCloseTo(expected(transposes, a, b, summand, i / N, i % N), within(1e-5));
      }
    }
  }

  @Test
  void needsNoC() {
    FloatTensor a = Numbers.random(1, M, K);
    FloatTensor b = Numbers.random(2, K, N);
    Tensor y = gemm(0).run(a, b);
    assertThat(y.doubleAt(20)).isCloseTo(expected(0, a, b, 0, 1, 3), within(1e-5));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void multipliesIntegers(int transposes) {
    Tensor a = Tensor.of(new long[] {1, 2, 3, 4}, 2, 2);
    Tensor b = Tensor.of(new long[] {5, 6, 7, 8}, 2, 2);
    Tensor c = Tensor.of(new long[] {100, 200}, 2);
    OneOperator gemm =
        OneOperator.of("Gemm", 11)
            .with("transA", (long) (transposes & 1))
            .with("transB", (long) (transposes >> 1));
    long first = (transposes & 1) == 1 ? 3 : 2;
    long second = transposes >> 1 == 1 ? 6 : 7;
    assertThat(gemm.run(a, b, c).longAt(0)).isEqualTo(5 + first * second + 100);
  }

  @Test
  void ignoresCForABetaOfZero() {
    Tensor one = Tensor.of(new float[] {1}, 1, 1);
    Tensor nan = Tensor.of(new float[] {Float.NaN}, 1, 1);
    Tensor y = OneOperator.of("Gemm", 13).with("beta", 0f).run(one, one, nan);
    assertThat(y.doubleAt(0)).isEqualTo(1);
  }

  @Test
  void flattensAInItsFirstVersions() {
    Tensor y =
        OneOperator.of("Gemm", 6)
            .run(Numbers.random(1, 3, 2, 2), Numbers.random(2, 4, 5), Numbers.random(3, 5));
    assertThat(y.dims()).containsExactly(3, 5);
  }

  @Test
  void refusesATensorOfThreeAxes() {
    assertThatThrownBy(
            () ->
                OneOperator.of("Gemm", 13).run(Numbers.random(1, 3, 2, 2), Numbers.random(2, 4, 5)))
        .hasMessageContaining("A has shape [3, 2, 2], expected a matrix");
  }

  @Test
  void refusesOtherLengths() {
    assertThatThrownBy(
            () ->
                OneOperator.of("Gemm", 13)
                    .run(Numbers.random(1, 2, 784), Numbers.random(2, 512, 5)))
        .hasMessageContaining("Gemm 'it': A has 784 columns but B has 512 rows");
  }

  @Test
  void refusesACThatMakesTheResultLarger() {
    assertThatThrownBy(
            () ->
                OneOperator.of("Gemm", 13)
                    .run(Numbers.random(1, 1, 3), Numbers.random(2, 3, 5), Numbers.random(3, 4, 5)))
        .hasMessageContaining("C of shape [4, 5] does not broadcast to [1, 5]");
  }

  private static ValueInfo floats(Object... dims) {
    return ValueInfo.of(
        ElementType.FLOAT,
        Shape.of(
            Arrays.stream(dims).map(d -> d instanceof Dim dim ? dim : Dim.of((int) d)).toList()));
  }

  @Test
  void keepsTheRowsOfA() {
    Dim n = Dim.symbol("n");
    BatchAxis rows = BatchAxis.rows(0);
    BatchAxis shared = BatchAxis.SHARED;
    assertThat(
            OneOperator.of("Gemm", 13)
                .batch(List.of(rows, shared, shared), floats(n, 3), floats(3, 4), floats(4)))
        .isEqualTo(rows);
    assertThat(
            OneOperator.of("Gemm", 13)
                .with("transA", 1L)
                .batch(List.of(BatchAxis.rows(1), shared), floats(3, n), floats(3, 4)))
        .isEqualTo(rows);
  }

  @Test
  void isCoupledWhereItSumsOverTheBatch() {
    Dim n = Dim.symbol("n");
    BatchAxis axis =
        OneOperator.of("Gemm", 13)
            .with("transA", 1L)
            .batch(List.of(BatchAxis.rows(0), BatchAxis.SHARED), floats(n, 3), floats(5, 4));
    assertThat(axis.kind()).isEqualTo(BatchAxis.Kind.COUPLED);
  }
}
