package io.sparkonnx.engine.op.logic;

import static io.sparkonnx.engine.tensor.ElementType.BFLOAT16;
import static io.sparkonnx.engine.tensor.ElementType.BOOL;
import static io.sparkonnx.engine.tensor.ElementType.DOUBLE;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT16;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT8E4M3FN;
import static io.sparkonnx.engine.tensor.ElementType.INT8;
import static io.sparkonnx.engine.tensor.ElementType.UINT64;
import static io.sparkonnx.engine.tensor.ElementType.UINT8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.op.math.Numbers;
import io.sparkonnx.engine.op.tensor.OneOperator;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LogicTest {
  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  static Stream<ElementType> numbers() {
    return Stream.of(Numbers.FLOATS, Numbers.INTEGERS).flatMap(List::stream);
  }

  static Stream<ElementType> floats() {
    return Numbers.FLOATS.stream();
  }

  private static long[] apply(String type, Tensor a, Tensor b) {
    Tensor y = OneOperator.of(type, 19).run(a, b);
    return Numbers.longs(y);
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void relationsHoldForAllTypes(ElementType type) {
    Tensor a = Numbers.vector(type, 1, 2, 3);
    Tensor b = Numbers.vector(type, 2, 2, 2);
    assertThat(apply("Equal", a, b)).containsExactly(0, 1, 0);
    assertThat(apply("Less", a, b)).containsExactly(1, 0, 0);
    assertThat(apply("LessOrEqual", a, b)).containsExactly(1, 1, 0);
    assertThat(apply("Greater", a, b)).containsExactly(0, 0, 1);
    assertThat(apply("GreaterOrEqual", a, b)).containsExactly(0, 1, 1);
  }

  @ParameterizedTest
  @MethodSource("floats")
  void nothingHoldsWithNan(ElementType type) {
    Tensor a = Numbers.vector(type, NAN, NAN, 1);
    Tensor b = Numbers.vector(type, NAN, 1, NAN);
    for (String relation : List.of("Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual")) {
      assertThat(apply(relation, a, b)).as(relation).containsExactly(0, 0, 0);
    }
  }

  @ParameterizedTest
  @MethodSource("floats")
  void bothZerosAreEqual(ElementType type) {
    Tensor a = Numbers.vector(type, -0.0);
    Tensor b = Numbers.vector(type, 0.0);
    assertThat(apply("Equal", a, b)).containsExactly(1);
    assertThat(apply("Less", a, b)).containsExactly(0);
  }

  @Test
  void unsigned64BitIntegersAreComparedAsSuch() {
    Tensor a = Numbers.bits(UINT64, -1, 1);
    Tensor b = Numbers.bits(UINT64, 1, -1);
    assertThat(apply("Less", a, b)).containsExactly(0, 1);
    assertThat(apply("GreaterOrEqual", a, b)).containsExactly(1, 0);
  }

  @Test
  void stringsAreEqualByTheirBytes() {
    Tensor a = Tensor.of(new String[] {"", "ä", "ab", "abc"}, 2, 2);
    Tensor b = Tensor.of(new String[] {"x", "", "ab", "ab"}, 4).view(1, 2);
    assertThat(apply("Equal", a, b)).containsExactly(1, 0, 0, 0);
  }

  @Test
  void truthValues() {
    Tensor a = Numbers.vector(BOOL, 0, 0, 1, 1);
    Tensor b = Numbers.vector(BOOL, 0, 1, 0, 1);
    assertThat(apply("And", a, b)).containsExactly(0, 0, 0, 1);
    assertThat(apply("Or", a, b)).containsExactly(0, 1, 1, 1);
    assertThat(apply("Xor", a, b)).containsExactly(0, 1, 1, 0);
    assertThat(apply("Equal", a, b)).containsExactly(1, 0, 0, 1);
    assertThat(Numbers.longs(OneOperator.of("Not", 1).run(a))).containsExactly(1, 1, 0, 0);
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64"})
  void bitsOfIntegers(ElementType type) {
    Tensor a = Numbers.vector(type, 12, 7);
    Tensor b = Numbers.vector(type, 10, 0);
    assertThat(apply("BitwiseAnd", a, b)).containsExactly(8, 0);
    assertThat(apply("BitwiseOr", a, b)).containsExactly(14, 7);
    assertThat(apply("BitwiseXor", a, b)).containsExactly(6, 7);
    Tensor twice = OneOperator.of("BitwiseNot", 18).run(OneOperator.of("BitwiseNot", 18).run(a));
    assertThat(Numbers.longs(twice)).containsExactly(12, 7);
  }

  @Test
  void complementsStayInTheType() {
    Tensor x = Numbers.vector(UINT8, 0, 12);
    assertThat(Numbers.longs(OneOperator.of("BitwiseNot", 18).run(x))).containsExactly(255, 243);
    Tensor y = Numbers.vector(INT8, 0, 12);
    assertThat(Numbers.longs(OneOperator.of("BitwiseNot", 18).run(y))).containsExactly(-1, -13);
  }

  @Test
  void shiftsDropWhatLeavesTheType() {
    OneOperator left = OneOperator.of("BitShift", 11).with("direction", "LEFT");
    OneOperator right = OneOperator.of("BitShift", 11).with("direction", "RIGHT");
    Tensor x = Numbers.vector(UINT8, 16, 255, 1, 1);
    Tensor by = Numbers.vector(UINT8, 1, 4, 7, 8);
    assertThat(Numbers.longs(left.run(x, by))).containsExactly(32, 240, 128, 0);
    assertThat(Numbers.longs(right.run(x, by))).containsExactly(8, 15, 0, 0);
    Tensor wide = Numbers.bits(UINT64, -1, -1, 1);
    Tensor far = Numbers.bits(UINT64, 63, 64, -1);
    assertThat(Numbers.longs(right.run(wide, far))).containsExactly(1, 0, 0);
    assertThat(Numbers.longs(left.run(wide, far))).containsExactly(Long.MIN_VALUE, 0, 0);
  }

  @Test
  void signedShiftsExtendTheSign() {
    OneOperator left = OneOperator.of("BitShift", 28).with("direction", "LEFT");
    OneOperator right = OneOperator.of("BitShift", 28).with("direction", "RIGHT");
    Tensor x = Numbers.vector(INT8, -8, -8, 8, -8, -8);
    Tensor by = Numbers.vector(INT8, 1, 8, -1, -1, 0);
    assertThat(Numbers.longs(right.run(x, by))).containsExactly(-4, -1, 0, -1, -8);
    assertThat(Numbers.longs(left.run(x, by))).containsExactly(-16, 0, 0, 0, -8);
  }

  @Test
  void anUnknownDirectionIsRefused() {
    assertThatThrownBy(() -> OneOperator.of("BitShift", 11).with("direction", "UP").operator())
        .hasMessage("BitShift 'it': direction is 'UP', expected LEFT or RIGHT");
  }

  @ParameterizedTest
  @MethodSource("floats")
  void whatIsNoFiniteNumber(ElementType type) {
    Tensor x = Numbers.vector(type, NAN, INF, -INF, 1, -0.0);
    assertThat(Numbers.longs(OneOperator.of("IsNaN", 20).run(x))).containsExactly(1, 0, 0, 0, 0);
    OneOperator inf = OneOperator.of("IsInf", 20);
    assertThat(Numbers.longs(inf.run(x))).containsExactly(0, 1, 1, 0, 0);
    assertThat(Numbers.longs(inf.with("detect_negative", 0L).run(x)))
        .containsExactly(0, 1, 0, 0, 0);
    assertThat(Numbers.longs(inf.with("detect_positive", 0L).run(x)))
        .containsExactly(0, 0, 0, 0, 0);
  }

  @Test
  void eightBitFloatsHaveNansToo() {
    Tensor x = Numbers.bits(FLOAT8E4M3FN, 0x7F, 0x7E);
    assertThat(Numbers.longs(OneOperator.of("IsNaN", 20).run(x))).containsExactly(1, 0);
  }

  @Test
  void orderOfTruthValuesIsRefused() {
    assertThatThrownBy(() -> OneOperator.of("Less", 13).infer(two(BOOL), two(BOOL)))
        .hasMessage("Less 'it': input 0 is bool, expected a numeric type");
    assertThatThrownBy(() -> OneOperator.of("And", 7).infer(two(FLOAT), two(FLOAT)))
        .hasMessage("And 'it': input 0 is float, expected a boolean type");
  }

  private static ValueInfo two(ElementType type) {
    return ValueInfo.of(type, Shape.of(2));
  }

  @Test
  void resultsAreBooleansOfTheCommonShape() {
    ValueInfo wide = ValueInfo.of(DOUBLE, Shape.of(3, 1));
    ValueInfo other = ValueInfo.of(DOUBLE, Shape.of(2));
    assertThat(OneOperator.of("Less", 13).infer(wide, other))
        .isEqualTo(ValueInfo.of(BOOL, Shape.of(3, 2)));
    assertThat(OneOperator.of("IsNaN", 20).infer(ValueInfo.of(FLOAT16, Shape.of(3))))
        .isEqualTo(ValueInfo.of(BOOL, Shape.of(3)));
    assertThat(OneOperator.of("IsInf", 20).infer(ValueInfo.of(BFLOAT16, Shape.of(3))).element())
        .isEqualTo(BOOL);
  }
}
