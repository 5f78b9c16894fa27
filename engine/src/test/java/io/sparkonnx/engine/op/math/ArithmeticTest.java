package io.sparkonnx.engine.op.math;

import static io.sparkonnx.engine.tensor.ElementType.BFLOAT16;
import static io.sparkonnx.engine.tensor.ElementType.DOUBLE;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT16;
import static io.sparkonnx.engine.tensor.ElementType.INT32;
import static io.sparkonnx.engine.tensor.ElementType.INT64;
import static io.sparkonnx.engine.tensor.ElementType.INT8;
import static io.sparkonnx.engine.tensor.ElementType.UINT32;
import static io.sparkonnx.engine.tensor.ElementType.UINT64;
import static io.sparkonnx.engine.tensor.ElementType.UINT8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.op.tensor.OneOperator;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArithmeticTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  static Stream<ElementType> numbers() {
    return Stream.of(Numbers.FLOATS, Numbers.INTEGERS).flatMap(List::stream);
  }

  static Stream<ElementType> floats() {
    return Numbers.FLOATS.stream();
  }

  private static double[] apply(String type, ElementType element, double[] a, double... b) {
    return Numbers.read(
        OneOperator.of(type, 15).run(Numbers.vector(element, a), Numbers.vector(element, b)));
  }

  private static double[] of(double... elements) {
    return elements;
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void theFourOperationsHoldForAllTypes(ElementType type) {
    assertThat(apply("Add", type, of(7, 20, 3), 2, 5, 3)).containsExactly(9, 25, 6);
    assertThat(apply("Sub", type, of(7, 20, 3), 2, 5, 3)).containsExactly(5, 15, 0);
    assertThat(apply("Mul", type, of(7, 20, 3), 2, 5, 3)).containsExactly(14, 100, 9);
    assertThat(apply("Div", type, of(8, 20, 3), 2, 5, 3)).containsExactly(4, 4, 1);
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void extremesAndPowersHoldForAllTypes(ElementType type) {
    assertThat(apply("Min", type, of(7, 2, 3), 2, 5, 3)).containsExactly(2, 2, 3);
    assertThat(apply("Max", type, of(7, 2, 3), 2, 5, 3)).containsExactly(7, 5, 3);
    assertThat(apply("Pow", type, of(2, 3, 7), 5, 2, 0)).containsExactly(32, 9, 1);
  }

  @Test
  void integersWrap() {
    assertThat(apply("Add", INT8, of(127, -128), 1, -1)).containsExactly(-128, 127);
    assertThat(apply("Sub", UINT8, of(0), 1)).containsExactly(255);
    assertThat(apply("Mul", INT32, of(1 << 30), 4)).containsExactly(0);
    assertThat(apply("Sub", UINT32, of(0), 1)).containsExactly(4294967295.0);
  }

  @Test
  void integerDivisionRoundsTowardZero() {
    assertThat(apply("Div", INT32, of(-7, 7, -7), 2, -2, -2)).containsExactly(-3, -3, 3);
    assertThat(apply("Div", UINT8, of(255), 2)).containsExactly(127);
  }

  @Test
  void unsigned64BitIntegersAreComparedAndDividedAsSuch() {
    Tensor large = Numbers.bits(UINT64, -2L);
    Tensor small = Numbers.bits(UINT64, 3L);
    assertThat(Numbers.longs(OneOperator.of("Max", 13).run(large, small))).containsExactly(-2L);
    assertThat(Numbers.longs(OneOperator.of("Min", 13).run(large, small))).containsExactly(3L);
    assertThat(Numbers.longs(OneOperator.of("Div", 14).run(large, small)))
        .containsExactly(Long.divideUnsigned(-2L, 3L));
    assertThat(Numbers.longs(OneOperator.of("Mod", 13).run(large, small)))
        .containsExactly(Long.remainderUnsigned(-2L, 3L));
  }

  @Test
  void anIntegerDivisionByZeroIsAnError() {
    assertThatThrownBy(() -> apply("Div", INT64, of(1, 2), 1, 0))
        .isInstanceOf(OnnxException.class)
        .hasMessage("Div 'it': integer division by zero");
    assertThatThrownBy(() -> apply("Mod", INT8, of(1), 0)).isInstanceOf(OnnxException.class);
  }

  @ParameterizedTest
  @MethodSource("floats")
  void nanWinsInMinAndMax(ElementType type) {
    assertThat(apply("Min", type, of(NAN, 1, 1), 1, NAN, -INF)).containsExactly(NAN, NAN, -INF);
    assertThat(apply("Max", type, of(NAN, 1, 1), 1, NAN, INF)).containsExactly(NAN, NAN, INF);
  }

  @ParameterizedTest
  @MethodSource("floats")
  void divisionsByZeroAreInfinite(ElementType type) {
    assertThat(apply("Div", type, of(1, -1, 0), 0, 0, 0)).containsExactly(INF, -INF, NAN);
  }

  @Test
  void variadicOperatorsTakeOneInputOrMany() {
    Tensor a = Numbers.vector(FLOAT, 1, 5);
    Tensor b = Numbers.of(FLOAT, new int[] {2, 1}, 2, 30);
    Tensor c = Numbers.of(FLOAT, new int[] {}, 3);
    assertThat(Numbers.read(OneOperator.of("Sum", 8).run(a))).containsExactly(1, 5);
    assertThat(Numbers.read(OneOperator.of("Sum", 8).run(a, b, c))).containsExactly(6, 10, 34, 38);
    assertThat(Numbers.read(OneOperator.of("Mean", 8).run(a, b, c)))
        .containsExactly(2, 10 / 3f, 34 / 3f, 38 / 3f);
    assertThat(Numbers.read(OneOperator.of("Max", 8).run(a, b, c))).containsExactly(3, 5, 30, 30);
    assertThat(Numbers.read(OneOperator.of("Min", 8).run(a, b, c))).containsExactly(1, 2, 1, 3);
  }

  @Test
  void meanOfDoubles() {
    Tensor a = Numbers.vector(DOUBLE, 1, 5);
    assertThat(Numbers.read(OneOperator.of("Mean", 8).run(a, a, Numbers.vector(DOUBLE, 4, 2))))
        .containsExactly(2, 4);
  }

  @Test
  void moduloHasTheDivisorsSign() {
    assertThat(apply("Mod", INT32, of(-4, 7, 5, 4, -7, 8), 2, -3, 8, -2, 3, 5))
        .containsExactly(0, -2, 5, 0, 2, 3);
    assertThat(apply("Mod", FLOAT, of(-4.3, 7.5, -1, 1, -1), 2.5, -2, INF, -INF, -INF))
        .usingComparatorWithPrecision(1e-6)
        .containsExactly(0.7, -0.5, INF, -INF, -1);
  }

  @Test
  void remainderHasTheDividendsSign() {
    OneOperator mod = OneOperator.of("Mod", 13).with("fmod", 1L);
    Tensor a = Numbers.vector(INT64, -4, 7, 5, 4, -7, 8);
    Tensor b = Numbers.vector(INT64, 2, -3, 8, -2, 3, 5);
    assertThat(Numbers.longs(mod.run(a, b))).containsExactly(0, 1, 5, 0, -1, 3);
    Tensor x = Numbers.vector(DOUBLE, -4.3, 7.5, INF, 1, 1);
    Tensor y = Numbers.vector(DOUBLE, 2.5, -2, 1, 0, INF);
    assertThat(Numbers.read(mod.run(x, y))).containsExactly(-4.3 % 2.5, 7.5 % -2, NAN, NAN, 1);
  }

  @Test
  void powTakesAnExponentOfAnotherType() {
    OneOperator pow = OneOperator.of("Pow", 15);
    Tensor ints = Numbers.vector(INT32, 1, 2, -3);
    assertThat(Numbers.longs(pow.run(ints, Numbers.vector(FLOAT, 4, 0.5, 3))))
        .containsExactly(1, 1, -27);
    assertThat(Numbers.longs(pow.run(ints, Numbers.vector(INT64, -1, -1, -2))))
        .containsExactly(1, 0, 0);
    Tensor floats = Numbers.vector(FLOAT, 1, 2, -3);
    assertThat(Numbers.read(pow.run(floats, Numbers.vector(INT64, 4, 5, 3))))
        .containsExactly(1, 32, -27);
    assertThat(Numbers.read(pow.run(floats, Numbers.vector(UINT8, 4, 5, 3))))
        .containsExactly(1, 32, -27);
    assertThat(pow.run(floats, Numbers.vector(BFLOAT16, 4, 5, 3)).type()).isEqualTo(FLOAT);
  }

  @Test
  void aConstantSquareIsTheProduct() {
    Tensor x = Numbers.vector(FLOAT16, 3, -0.5, NAN);
    Tensor two = Numbers.of(FLOAT, new int[] {1, 1}, 2);
    Tensor y = OneOperator.of("Pow", 15).run(x, two);
    assertThat(y.dims()).containsExactly(1, 3);
    assertThat(Numbers.read(y)).containsExactly(9, 0.25, NAN);
  }

  @Test
  void theSlopeOfPReluBroadcastsToX() {
    Tensor x = Numbers.of(FLOAT, new int[] {2, 3}, -1, -1, -1, 4, NAN, -4);
    Tensor slope = Numbers.vector(FLOAT, 0.5, 2, 3);
    assertThat(Numbers.read(OneOperator.of("PRelu", 9).run(x, slope)))
        .containsExactly(-0.5, -2, -3, 4, NAN, -12);
    Tensor ints = Numbers.vector(INT32, -4, 4);
    assertThat(Numbers.longs(OneOperator.of("PRelu", 9).run(ints, Numbers.vector(INT32, 3))))
        .containsExactly(-12, 4);
  }

  @Test
  void theSlopeOfAnOldPReluBelongsToTheChannels() {
    Tensor x = Numbers.of(FLOAT, new int[] {1, 2, 2}, -1, -1, -1, -1);
    Tensor slope = Numbers.vector(FLOAT, 2, 3);
    assertThat(Numbers.read(OneOperator.of("PRelu", 6).run(x, slope)))
        .containsExactly(-2, -2, -3, -3);
  }

  @Test
  void aSlopeLargerThanXIsRefused() {
    ValueInfo x = ValueInfo.of(FLOAT, Shape.of(1, 3));
    ValueInfo slope = ValueInfo.of(FLOAT, Shape.of(2, 3));
    assertThatThrownBy(() -> OneOperator.of("PRelu", 16).infer(x, slope))
        .hasMessage("PRelu 'it': slope of shape [2, 3] does not broadcast to X of shape [1, 3]");
  }

  @Test
  void booleansAreNotAdded() {
    ValueInfo x = ValueInfo.of(ElementType.BOOL, Shape.of(1));
    assertThatThrownBy(() -> OneOperator.of("Add", 14).infer(x, x))
        .hasMessage("Add 'it': input 0 is bool, expected a numeric type");
  }
}
