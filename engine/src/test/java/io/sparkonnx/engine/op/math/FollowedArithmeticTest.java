package io.sparkonnx.engine.op.math;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.op.tensor.OneOperator;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Arithmetic of lengths, followed symbolically. */
class FollowedArithmeticTest {
  private static final Dim BATCH = Dim.symbol("batch");
  private static final Dim SEQ = Dim.symbol("seq");

  private static ValueInfo lengths(Dim... dims) {
    return ValueInfo.ofContents(ElementType.INT64, false, List.of(dims));
  }

  private static ValueInfo scalar(long value) {
    return ValueInfo.ofConstant(Tensor.of(new long[] {value}));
  }

  private static ValueInfo constant(long... values) {
    return ValueInfo.ofConstant(Tensor.of(values, values.length));
  }

  private static List<Dim> contents(String type, ValueInfo... inputs) {
    return OneOperator.of(type, 18).infer(inputs).contents();
  }

  @Test
  void theFourOperations() {
    assertThat(contents("Add", lengths(BATCH, SEQ), scalar(2)))
        .containsExactly(BATCH.plus(2), SEQ.plus(2));
    assertThat(contents("Sub", scalar(1), lengths(SEQ))).containsExactly(Dim.ONE.minus(SEQ));
    assertThat(contents("Mul", lengths(BATCH, SEQ), lengths(SEQ, SEQ)))
        .containsExactly(BATCH.times(SEQ), SEQ.times(SEQ));
    assertThat(contents("Div", lengths(BATCH.times(SEQ)), lengths(SEQ))).containsExactly(BATCH);
  }

  @Test
  void aScalarOfScalarsStaysAScalar() {
    ValueInfo sum = OneOperator.of("Add", 14).infer(scalar(3), scalar(4));
    assertThat(sum.shape()).isEqualTo(Shape.SCALAR);
    assertThat(sum.constantContents()).containsExactly(7);
  }

  @Test
  void lengthsAreDividedWithRoundingButDifferencesAreNot() {
    assertThat(contents("Div", lengths(SEQ.plus(1)), scalar(2)))
        .containsExactly(SEQ.plus(1).floorDiv(2));
    assertThat(contents("Div", lengths(SEQ.plus(-1)), scalar(2))).isNull();
    assertThat(contents("Div", lengths(SEQ.times(-4)), scalar(2))).containsExactly(SEQ.times(-2));
    assertThat(contents("Div", constant(-7), scalar(2))).containsExactly(Dim.of(-3));
    assertThat(contents("Div", lengths(SEQ), scalar(0))).isNull();
  }

  @Test
  void remaindersOfLengths() {
    assertThat(contents("Mod", lengths(SEQ), scalar(8))).containsExactly(SEQ.mod(Dim.of(8)));
    assertThat(contents("Mod", constant(-7), scalar(3))).containsExactly(Dim.of(2));
    assertThat(OneOperator.of("Mod", 13).with("fmod", 1L).infer(constant(-7), scalar(3)).contents())
        .containsExactly(Dim.of(-1));
  }

  @Test
  void extremesOfLengths() {
    assertThat(contents("Max", lengths(SEQ), scalar(1))).containsExactly(SEQ.max(Dim.ONE));
    assertThat(contents("Min", lengths(SEQ, SEQ.plus(2)), lengths(SEQ.plus(1), SEQ)))
        .containsExactly(SEQ, SEQ);
    assertThat(contents("Clip", lengths(SEQ), scalar(0), scalar(9)))
        .containsExactly(SEQ.max(Dim.ZERO).min(Dim.of(9)));
  }

  @Test
  void signsOfLengths() {
    assertThat(contents("Neg", lengths(SEQ))).containsExactly(SEQ.times(-1));
    assertThat(contents("Abs", lengths(SEQ))).containsExactly(SEQ);
    assertThat(contents("Abs", constant(-3))).containsExactly(Dim.of(3));
    assertThat(contents("Abs", lengths(SEQ.plus(-3)))).isNull();
  }

  @Test
  void aLengthIsNeverMinusOne() {
    assertThat(contents("Equal", lengths(BATCH, Dim.of(-1), Dim.of(4)), scalar(-1)))
        .containsExactly(Dim.ZERO, Dim.ONE, Dim.ZERO);
    assertThat(contents("Equal", lengths(BATCH), lengths(SEQ))).isNull();
    assertThat(contents("Equal", lengths(BATCH), lengths(BATCH))).containsExactly(Dim.ONE);
  }

  @Test
  void orderOfLengths() {
    assertThat(contents("Less", lengths(SEQ), lengths(SEQ.plus(1)))).containsExactly(Dim.ONE);
    assertThat(contents("Greater", lengths(SEQ), lengths(SEQ.plus(1)))).containsExactly(Dim.ZERO);
    assertThat(contents("GreaterOrEqual", lengths(SEQ), scalar(0))).containsExactly(Dim.ONE);
    assertThat(contents("LessOrEqual", lengths(SEQ), scalar(0))).isNull();
  }

  @Test
  void truthValuesAreFollowed() {
    ValueInfo truths = OneOperator.of("Equal", 13).infer(constant(1, 2), constant(1, 3));
    assertThat(contents("Not", truths)).containsExactly(Dim.ZERO, Dim.ONE);
    ValueInfo others = OneOperator.of("Not", 1).infer(truths);
    assertThat(contents("And", truths, others)).containsExactly(Dim.ZERO, Dim.ZERO);
    assertThat(contents("Or", truths, others)).containsExactly(Dim.ONE, Dim.ONE);
  }

  @Test
  void reductionsOfLengths() {
    ValueInfo lengths = lengths(BATCH, SEQ, Dim.of(3));
    assertThat(contents("ReduceProd", lengths)).containsExactly(BATCH.times(SEQ).times(3));
    assertThat(contents("ReduceSum", lengths)).containsExactly(BATCH.plus(SEQ).plus(3));
    ValueInfo product = OneOperator.of("ReduceProd", 18).with("keepdims", 0L).infer(lengths);
    assertThat(product.shape()).isEqualTo(Shape.SCALAR);
    assertThat(OneOperator.of("ReduceMax", 11).with("axes", new long[] {0}).infer(constant(3, 9)))
        .isEqualTo(ValueInfo.ofContents(ElementType.INT64, false, List.of(Dim.of(9))));
  }

  @Test
  void whatLeavesTheRangeOfLongIsNotFollowed() {
    assertThat(contents("Mul", constant(Long.MAX_VALUE), scalar(2))).isNull();
    assertThat(contents("Add", constant(Long.MAX_VALUE), scalar(2))).isNull();
    assertThat(contents("ReduceSum", constant(Long.MAX_VALUE, 2))).isNull();
  }

  @Test
  void smallUnsignedTypesWrapAndAreNotFollowed() {
    ValueInfo bytes = ValueInfo.ofContents(ElementType.UINT8, false, List.of(Dim.of(200)));
    assertThat(contents("Add", bytes, bytes)).isNull();
  }

  @Test
  void unknownContentsStayUnknown() {
    ValueInfo unknown = ValueInfo.of(ElementType.INT64, Shape.of(2));
    assertThat(contents("Add", unknown, scalar(1))).isNull();
    assertThat(contents("Add", scalar(1), unknown)).isNull();
  }
}
