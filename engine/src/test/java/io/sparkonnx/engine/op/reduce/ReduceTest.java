package io.sparkonnx.engine.op.reduce;

import static io.sparkonnx.engine.tensor.ElementType.BOOL;
import static io.sparkonnx.engine.tensor.ElementType.DOUBLE;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static io.sparkonnx.engine.tensor.ElementType.INT32;
import static io.sparkonnx.engine.tensor.ElementType.INT64;
import static io.sparkonnx.engine.tensor.ElementType.INT8;
import static io.sparkonnx.engine.tensor.ElementType.UINT64;
import static io.sparkonnx.engine.tensor.ElementType.UINT8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkonnx.engine.op.math.Numbers;
import io.sparkonnx.engine.op.tensor.OneOperator;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReduceTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final List<String> ALL =
      List.of(
          "ReduceSum",
          "ReduceMean",
          "ReduceMax",
          "ReduceMin",
          "ReduceProd",
          "ReduceSumSquare",
          "ReduceL1",
          "ReduceL2",
          "ReduceLogSum",
          "ReduceLogSumExp");

  static Stream<ElementType> numbers() {
    return Stream.of(Numbers.FLOATS, Numbers.INTEGERS).flatMap(List::stream);
  }

  static Stream<String> reductions() {
    return ALL.stream();
  }

  private static OneOperator along(String type, long... axes) {
    return OneOperator.of(type, 11).with("axes", axes);
  }

  private static double[] apply(String type, Tensor x, long... axes) {
    return Numbers.read(along(type, axes).run(x));
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void exactReductionsHoldForAllTypes(ElementType type) {
    Tensor x = Numbers.of(type, new int[] {2, 3}, 1, 2, 3, 4, 0, 5);
    assertThat(apply("ReduceSum", x, 1)).containsExactly(6, 9);
    assertThat(apply("ReduceSum", x, 0)).containsExactly(5, 2, 8);
    assertThat(apply("ReduceMean", x, 1)).containsExactly(2, 3);
    assertThat(apply("ReduceMax", x, 0)).containsExactly(4, 2, 5);
    assertThat(apply("ReduceMin", x, 1)).containsExactly(1, 0);
    assertThat(apply("ReduceProd", x, 1)).containsExactly(6, 0);
    assertThat(apply("ReduceSumSquare", x, 1)).containsExactly(14, 41);
    assertThat(apply("ReduceL1", x, 0)).containsExactly(5, 2, 8);
    assertThat(apply("ReduceL2", Numbers.vector(type, 3, 4), 0)).containsExactly(5);
    assertThat(apply("ReduceLogSum", Numbers.vector(type, 1, 0), 0)).containsExactly(0);
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void everySetOfAxesGivesWhatDoublesGive(String type) {
    Tensor x = positive(Numbers.random(3, 3, 17, 1, 5, 4));
    Tensor wide = Numbers.doubles(x);
    for (int mask = 1; mask < 32; mask++) {
      long[] axes = axes(mask);
      double[] expected = apply(type, wide, axes);
      double[] actual = apply(type, x, axes);
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i])
            .as("%s along axes %s", type, mask)
            .isCloseTo(expected[i], within(1e-5 * Math.max(1, Math.abs(expected[i]))));
      }
    }
  }

  /** The numbers moved to [0.5, 1.5], so that products and logarithms stay small. */
  private static Tensor positive(FloatTensor x) {
    for (int i = x.offset(); i < x.offset() + x.size(); i++) {
      x.array()[i] = 0.5f + Math.abs(x.array()[i]) % 1;
    }
    return x;
  }

  private static long[] axes(int mask) {
    return java.util.stream.LongStream.range(0, 5).filter(i -> (mask >> i & 1) != 0).toArray();
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aRowHasTheSameBitsAloneAndInABatch(String type) {
    FloatTensor x = (FloatTensor) positive(Numbers.random(4, 5, 208, 3));
    float[] along1 = ((FloatTensor) along(type, 1).run(x)).toArray();
    float[] along12 = ((FloatTensor) along(type, 1, 2).run(x)).toArray();
    for (int row = 0; row < 5; row++) {
      Tensor alone = x.view(x.offset() + row * 624, 1, 208, 3);
      float[] three = ((FloatTensor) along(type, 1).run(alone)).toArray();
      assertThat(three).containsExactly(along1[3 * row], along1[3 * row + 1], along1[3 * row + 2]);
      assertThat(((FloatTensor) along(type, 1, 2).run(alone)).toArray())
          .containsExactly(along12[row]);
    }
  }

  @ParameterizedTest
  @MethodSource("reductions")
  void aRowHasTheSameBitsWhereTheBatchIsTheLastAxis(String type) {
    FloatTensor x = (FloatTensor) positive(Numbers.random(5, 208, 7));
    float[] together = ((FloatTensor) along(type, 0).run(x)).toArray();
    for (int row = 0; row < 7; row++) {
      float[] column = new float[208];
      for (int k = 0; k < 208; k++) {
        column[k] = x.get(k * 7 + row);
      }
      float[] alone = ((FloatTensor) along(type, 0).run(Tensor.of(column, 208, 1))).toArray();
      assertThat(alone).containsExactly(together[row]);
    }
  }

  @Test
  void nanWins() {
    Tensor x = Numbers.vector(FLOAT, 1, NAN, INF);
    for (String type : ALL) {
      assertThat(apply(type, x, 0)).as(type).containsExactly(NAN);
    }
  }

  @Test
  void nothingReducesToTheNeutralElement() {
    for (ElementType type : List.of(FLOAT, DOUBLE)) {
      Tensor x = Numbers.of(type, new int[] {2, 0});
      assertThat(apply("ReduceSum", x, 1)).containsExactly(0, 0);
      assertThat(apply("ReduceProd", x, 1)).containsExactly(1, 1);
      assertThat(apply("ReduceMax", x, 1)).containsExactly(-INF, -INF);
      assertThat(apply("ReduceMin", x, 1)).containsExactly(INF, INF);
      assertThat(apply("ReduceMean", x, 1)).containsExactly(NAN, NAN);
      assertThat(apply("ReduceLogSum", x, 1)).containsExactly(-INF, -INF);
      assertThat(apply("ReduceLogSumExp", x, 1)).containsExactly(-INF, -INF);
      assertThat(apply("ReduceSum", x, 0)).isEmpty();
    }
    assertThat(apply("ReduceMax", Numbers.vector(INT8), 0)).containsExactly(-128);
    assertThat(apply("ReduceMin", Numbers.vector(UINT8), 0)).containsExactly(255);
    assertThat(apply("ReduceMin", Numbers.vector(INT32), 0)).containsExactly(Integer.MAX_VALUE);
    assertThat(apply("ReduceMax", Numbers.vector(BOOL), 0)).containsExactly(0);
  }

  @Test
  void truthValuesHaveExtremes() {
    Tensor x = Numbers.of(BOOL, new int[] {2, 2}, 0, 1, 1, 1);
    assertThat(apply("ReduceMax", x, 1)).containsExactly(1, 1);
    assertThat(apply("ReduceMin", x, 1)).containsExactly(0, 1);
    assertThatThrownBy(() -> apply("ReduceSum", x, 1))
        .hasMessage("ReduceSum 'it': input 0 is bool, expected a numeric type");
  }

  @Test
  void unsigned64BitIntegersAreReducedAsSuch() {
    Tensor x = Numbers.bits(UINT64, -4, 2);
    assertThat(Numbers.longs(along("ReduceMax", 0).run(x))).containsExactly(-4);
    assertThat(Numbers.longs(along("ReduceMin", 0).run(x))).containsExactly(2);
    assertThat(Numbers.longs(along("ReduceMean", 0).run(x))).containsExactly(Long.MAX_VALUE);
  }

  @Test
  void logSumExpHoldsForLargeNumbers() {
    for (ElementType type : List.of(FLOAT, DOUBLE)) {
      assertThat(apply("ReduceLogSumExp", Numbers.vector(type, 1000, 1000), 0)[0])
          .isCloseTo(1000.693147, within(1e-4));
      assertThat(apply("ReduceLogSumExp", Numbers.vector(type, -INF, -INF), 0))
          .containsExactly(-INF);
      assertThat(apply("ReduceLogSumExp", Numbers.vector(type, -INF, 3), 0)).containsExactly(3);
      assertThat(apply("ReduceLogSumExp", Numbers.vector(type, INF, 3), 0)).containsExactly(INF);
    }
  }

  @Test
  void axesCountFromTheEndAndMayBeDropped() {
    Tensor x = Numbers.of(FLOAT, new int[] {2, 3}, 1, 2, 3, 4, 5, 6);
    assertThat(along("ReduceSum", -1).run(x).dims()).containsExactly(2, 1);
    assertThat(along("ReduceSum", -1).with("keepdims", 0L).run(x).dims()).containsExactly(2);
    assertThat(OneOperator.of("ReduceSum", 11).run(x).dims()).containsExactly(1, 1);
    assertThat(OneOperator.of("ReduceSum", 11).with("keepdims", 0L).run(x).rank()).isZero();
    assertThatThrownBy(() -> along("ReduceSum", 2).run(x))
        .hasMessage("ReduceSum 'it': axis 2 is outside a shape of 2 dimensions");
  }

  @Test
  void axesAreAnInputOfReduceSumFromOpset13AndOfOthersFrom18() {
    Tensor x = Numbers.of(FLOAT, new int[] {2, 2}, 1, 2, 3, 5);
    Tensor one = Tensor.of(new long[] {1}, 1);
    assertThat(Numbers.read(OneOperator.of("ReduceSum", 13).run(x, one))).containsExactly(3, 8);
    assertThat(Numbers.read(OneOperator.of("ReduceMax", 18).run(x, one))).containsExactly(2, 5);
    assertThat(Numbers.read(OneOperator.of("ReduceMax", 18).run(x))).containsExactly(5);
    Tensor none = Tensor.of(new long[0], 0);
    assertThat(Numbers.read(OneOperator.of("ReduceMax", 18).run(x, none))).containsExactly(5);
  }

  @Test
  void filesThatKeepTheAttributeAreUnderstood() {
    Tensor x = Numbers.of(FLOAT, new int[] {2, 2}, 1, 2, 3, 5);
    OneOperator sum = OneOperator.of("ReduceSum", 13).with("axes", new long[] {1});
    assertThat(Numbers.read(sum.run(x))).containsExactly(3, 8);
  }

  @Test
  void noAxesMayMeanNoReduction() {
    Tensor x = Numbers.of(FLOAT, new int[] {2, 2}, -1, 2, -0.0, 3);
    assertThat(noop("ReduceSum", x)).containsExactly(-1, 2, -0.0, 3);
    assertThat(noop("ReduceMean", x)).containsExactly(-1, 2, -0.0, 3);
    assertThat(noop("ReduceSumSquare", x)).containsExactly(1, 4, 0, 9);
    assertThat(noop("ReduceL1", x)).containsExactly(1, 2, 0, 3);
    assertThat(noop("ReduceLogSumExp", x)).containsExactly(-1, 2, 0, 3);
    assertThat(noop("ReduceSumSquare", Numbers.vector(INT64, -3, 2))).containsExactly(9, 4);
  }

  private static double[] noop(String type, Tensor x) {
    return Numbers.read(OneOperator.of(type, 18).with("noop_with_empty_axes", 1L).run(x));
  }

  @Test
  void aScalarReducesToItself() {
    Tensor x = Numbers.of(FLOAT, new int[] {}, -3);
    assertThat(Numbers.read(OneOperator.of("ReduceSum", 13).run(x))).containsExactly(-3);
    assertThat(Numbers.read(OneOperator.of("ReduceL2", 13).run(x))).containsExactly(3);
  }

  @Test
  void axesThatAreNotKnownLeaveTheShapeOpen() {
    ValueInfo x = ValueInfo.of(FLOAT, Shape.of(2, 3, 4));
    ValueInfo two = ValueInfo.of(INT64, Shape.of(2));
    ValueInfo some = ValueInfo.of(INT64, Shape.of(Dim.symbol("k")));
    OneOperator kept = OneOperator.of("ReduceSum", 13);
    assertThat(kept.infer(x, some).shape().rank()).isEqualTo(3);
    OneOperator dropped = OneOperator.of("ReduceSum", 13).with("keepdims", 0L);
    assertThat(dropped.infer(x, two).shape().rank()).isEqualTo(1);
    assertThat(dropped.infer(x, some).shape()).isEqualTo(Shape.UNKNOWN);
    assertThat(dropped.infer(ValueInfo.of(FLOAT, Shape.UNKNOWN)).shape()).isEqualTo(Shape.UNKNOWN);
  }
}
