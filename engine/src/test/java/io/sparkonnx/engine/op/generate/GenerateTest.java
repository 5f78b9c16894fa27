package io.sparkonnx.engine.op.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.op.tensor.OneOperator;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenerateTest {
  private static Tensor scalar(long value) {
    return Tensor.of(new long[] {value});
  }

  private static Tensor scalar(float value) {
    return Tensor.of(new float[] {value});
  }

  @Test
  void constantsHaveManyForms() {
    Tensor tensor = Tensor.of(new float[] {1}, 1);
    assertThat(OneOperator.of("Constant", 1).with("value", tensor).run()).isSameAs(tensor);
    Tensor ints = OneOperator.of("Constant", 12).with("value_ints", new long[] {3, 4}).run();
    assertThat(((LongTensor) ints).toArray()).containsExactly(3, 4);
    Tensor real = OneOperator.of("Constant", 12).with("value_float", 2.5f).run();
    assertThat(real.rank()).isZero();
    assertThat(real.doubleAt(0)).isEqualTo(2.5);
    Tensor texts = OneOperator.of("Constant", 12).with("value_strings", List.of("a", "bc")).run();
    assertThat(((StringTensor) texts).toArray()).containsExactly("a", "bc");
  }

  @Test
  void anEmptyListIsAnEmptyConstant() {
    Tensor empty = OneOperator.of("Constant", 13).with("value_ints", new long[0]).run();
    assertThat(empty.dims()).containsExactly(0);
  }

  @Test
  void aConstantNeedsOneValue() {
    assertThatThrownBy(() -> OneOperator.of("Constant", 13).operator())
        .hasMessage("Constant 'it': has 0 values, expected one");
  }

  @Test
  void constantOfShapeFillsWithItsValue() {
    Tensor filled =
        OneOperator.of("ConstantOfShape", 9)
            .with("value", Tensor.of(new long[] {7}, 1))
            .run(Tensor.of(new long[] {2, 3}, 2));
    assertThat(filled.dims()).containsExactly(2, 3);
    assertThat(((LongTensor) filled).toArray()).containsOnly(7);
  }

  @Test
  void constantOfShapeMakesFloatZerosAndScalarsByDefault() {
    Tensor scalar = OneOperator.of("ConstantOfShape", 9).run(Tensor.of(new long[0], 0));
    assertThat(scalar.rank()).isZero();
    assertThat(scalar.type()).isEqualTo(ElementType.FLOAT);
    Tensor empty = OneOperator.of("ConstantOfShape", 9).run(Tensor.of(new long[] {0, 3}, 2));
    assertThat(empty.size()).isZero();
  }

  @Test
  void constantOfShapeRefusesNegativeLengths() {
    assertThatThrownBy(
            () -> OneOperator.of("ConstantOfShape", 9).run(Tensor.of(new long[] {2, -1}, 2)))
        .hasMessage("ConstantOfShape 'it': the shape [2, -1] has a negative dimension");
  }

  @Test
  void rangesEndBeforeTheirLimit() {
    OneOperator range = OneOperator.of("Range", 11);
    assertThat(((LongTensor) range.run(scalar(3), scalar(9), scalar(3))).toArray())
        .containsExactly(3, 6);
    assertThat(((LongTensor) range.run(scalar(10), scalar(3), scalar(-3))).toArray())
        .containsExactly(10, 7, 4);
    assertThat(range.run(scalar(3), scalar(3), scalar(1)).size()).isZero();
    assertThat(((FloatTensor) range.run(scalar(1f), scalar(2f), scalar(0.3f))).toArray())
        .containsExactly(1f, 1f + 0.3f, 1f + 2 * 0.3f, 1f + 3 * 0.3f);
  }

  @Test
  void rangesOfHalvesAreComputedAsFloats() {
    Tensor start = Tensor.wrap(ElementType.FLOAT16, new short[] {0x6800}, 0);
    Tensor limit = Tensor.wrap(ElementType.FLOAT16, new short[] {0x6802}, 0);
    Tensor one = Tensor.wrap(ElementType.FLOAT16, new short[] {0x3C00}, 0);
    Tensor range = OneOperator.of("Range", 27).run(start, limit, one);
    assertThat(range.dims()).containsExactly(4);
    assertThat(range.doubleAt(2)).isEqualTo(2050);
  }

  @Test
  void aRangeThatDoesNotMoveIsRefused() {
    assertThatThrownBy(() -> OneOperator.of("Range", 11).run(scalar(0), scalar(3), scalar(0)))
        .hasMessage("Range 'it': delta is 0 or the range has more than 2^31-1 numbers");
  }
}
