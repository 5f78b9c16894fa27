package io.sparkonnx.engine.op.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.op.tensor.OneOperator;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which two shapes meet gives what indexing element by element gives. */
class BroadcastTest {

  static Stream<int[][]> shapes() {
    return Stream.of(
        new int[][] {{}, {}},
        new int[][] {{1}, {}},
        new int[][] {{17}, {17}},
        new int[][] {{4097}, {1}},
        new int[][] {{1, 1}, {4097}},
        new int[][] {{5, 208}, {208}},
        new int[][] {{300, 7}, {7}},
        new int[][] {{7}, {300, 7}},
        new int[][] {{300, 7}, {300, 1}},
        new int[][] {{16, 1}, {1, 17}},
        new int[][] {{2, 3, 7, 17}, {3, 1, 1}},
        new int[][] {{2, 3, 1, 1}, {1, 3, 16, 16}},
        new int[][] {{2, 1, 5, 1, 4}, {3, 1, 7, 1}},
        new int[][] {{2, 3, 1, 4, 5}, {3, 6, 1, 1}},
        new int[][] {{4, 40, 5, 5}, {40, 1, 1}},
        new int[][] {{2, 700, 5, 5}, {1, 700, 1, 1}},
        new int[][] {{700, 1, 1}, {2, 1, 5, 5}},
        new int[][] {{0, 3}, {1, 3}},
        new int[][] {{3, 1}, {0}});
  }

  private static int[] common(int[] a, int[] b) {
    return Shape.broadcast(Shape.of(a), Shape.of(b)).values();
  }

  /** The row-major number in a shape of the element that meets an element of the common shape. */
  private static int met(int[] common, int number, int[] dims) {
    int rest = number;
    int stride = 1;
    int index = 0;
    for (int axis = common.length - 1; axis >= 0; axis--) {
      int own = axis - (common.length - dims.length);
      if (own >= 0) {
        index += dims[own] == 1 ? 0 : rest % common[axis] * stride;
        stride *= dims[own];
      }
      rest /= common[axis];
    }
    return index;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void floatsMeetAsTheIndexSays(int[][] dims) {
    FloatTensor a = Numbers.random(1, dims[0]);
    FloatTensor b = Numbers.random(2, dims[1]);
    int[] common = common(dims[0], dims[1]);
    FloatTensor y = (FloatTensor) OneOperator.of("Sub", 14).run(a, b);
    assertThat(y.dims()).isEqualTo(common);
    float[] expected = new float[y.size()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = a.get(met(common, i, dims[0])) - b.get(met(common, i, dims[1]));
    }
    assertThat(y.toArray()).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void doublesMeetAsFloatsDo(int[][] dims) {
    Tensor a = Numbers.random(1, dims[0]);
    Tensor b = Numbers.random(2, dims[1]);
    Tensor wide = OneOperator.of("Max", 13).run(Numbers.doubles(a), Numbers.doubles(b));
    assertThat(Numbers.read(wide)).isEqualTo(Numbers.read(OneOperator.of("Max", 13).run(a, b)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void integersMeetAsTheIndexSays(int[][] dims) {
    int[] common = common(dims[0], dims[1]);
    Tensor a = counted(dims[0], 100);
    Tensor b = counted(dims[1], 7);
    Tensor y = OneOperator.of("Sub", 14).run(a, b);
    long[] expected = new long[y.size()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = a.longAt(met(common, i, dims[0])) - b.longAt(met(common, i, dims[1]));
    }
    assertThat(Numbers.longs(y)).isEqualTo(expected);
  }

  private static Tensor counted(int[] dims, int begin) {
    double[] elements = new double[Tensor.sizeOf(dims)];
    Arrays.setAll(elements, i -> begin + i % 90);
    return Numbers.of(ElementType.INT32, dims, elements);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void halvesAreRoundedOnceForAllInputs(int[][] dims) {
    Tensor a = Numbers.of(ElementType.FLOAT16, dims[0], filled(dims[0], 2048));
    Tensor b = Numbers.of(ElementType.FLOAT16, dims[1], filled(dims[1], 1));
    Tensor y = OneOperator.of("Sum", 13).run(a, b, b);
    assertThat(Numbers.read(y)).containsOnly(filled(new int[] {y.size()}, 2050));
  }

  private static double[] filled(int[] dims, double value) {
    double[] elements = new double[Tensor.sizeOf(dims)];
    Arrays.fill(elements, value);
    return elements;
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE", "FLOAT16", "INT16"})
  void manyInputsAreFoldedFromTheFirst(ElementType type) {
    Tensor a = Numbers.of(type, new int[] {300, 7}, cycle(2100, 11));
    Tensor b = Numbers.of(type, new int[] {7}, cycle(7, 5));
    Tensor c = Numbers.of(type, new int[] {300, 1}, cycle(300, 13));
    Tensor d = Numbers.of(type, new int[] {1, 7}, cycle(7, 3));
    OneOperator max = OneOperator.of("Max", 13);
    double[] pairwise = Numbers.read(max.run(max.run(max.run(a, b), c), d));
    assertThat(Numbers.read(max.run(a, b, c, d))).isEqualTo(pairwise);
    assertThat(Numbers.read(max.run(d, c, b, a))).isEqualTo(pairwise);
  }

  private static double[] cycle(int length, int period) {
    double[] elements = new double[length];
    Arrays.setAll(elements, i -> i * 3 % period);
    return elements;
  }

  @Test
  void beforeOpset7TheSecondInputBeginsAtTheGivenAxis() {
    Tensor a = Numbers.of(ElementType.FLOAT, new int[] {2, 3, 2}, new double[12]);
    Tensor b = Numbers.vector(ElementType.FLOAT, 1, 2, 3);
    OneOperator add = OneOperator.of("Add", 6).with("broadcast", 1L).with("axis", 1L);
    assertThat(Numbers.read(add.run(a, b))).containsExactly(1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3);
  }

  @Test
  void beforeOpset7TheLastAxesMeetWithoutAnAxis() {
    Tensor a = Numbers.of(ElementType.FLOAT, new int[] {2, 3}, new double[6]);
    Tensor b = Numbers.vector(ElementType.FLOAT, 1, 2, 3);
    OneOperator add = OneOperator.of("Add", 6).with("broadcast", 1L);
    assertThat(Numbers.read(add.run(a, b))).containsExactly(1, 2, 3, 1, 2, 3);
  }

  @Test
  void aComparisonBeforeOpset7KnowsTheAxisToo() {
    Tensor a = Numbers.of(ElementType.FLOAT, new int[] {2, 2}, 1, 1, 1, 1);
    Tensor b = Numbers.vector(ElementType.FLOAT, 0, 2);
    OneOperator less = OneOperator.of("Less", 1).with("broadcast", 1L).with("axis", 0L);
    assertThat(Numbers.longs(less.run(a, b))).containsExactly(0, 0, 1, 1);
  }

  @Test
  void shapesThatNeverFitAreRefused() {
    assertThatThrownBy(
            () ->
                OneOperator.of("Add", 14)
                    .infer(
                        ValueInfo.of(ElementType.FLOAT, Shape.of(2, 3)),
                        ValueInfo.of(ElementType.FLOAT, Shape.of(4))))
        .isInstanceOf(OnnxException.class)
        .hasMessage("Add 'it': input 1 has shape [4], which does not fit [2, 3]");
  }

  @Test
  void differentTypesAreRefused() {
    assertThatThrownBy(
            () ->
                OneOperator.of("Add", 14)
                    .infer(
                        ValueInfo.of(ElementType.FLOAT, Shape.of(2)),
                        ValueInfo.of(ElementType.INT64, Shape.of(2))))
        .hasMessage("Add 'it': input 0 is float but input 1 is int64");
  }

  @Test
  void anUnknownRankStaysUnknown() {
    ValueInfo unknown = ValueInfo.of(ElementType.FLOAT, Shape.UNKNOWN);
    ValueInfo known = ValueInfo.of(ElementType.FLOAT, Shape.of(2));
    assertThat(OneOperator.of("Mul", 14).infer(unknown, known).shape()).isEqualTo(Shape.UNKNOWN);
    assertThat(OneOperator.of("PRelu", 16).infer(unknown, known).shape()).isEqualTo(Shape.UNKNOWN);
  }
}
