package io.sparkonnx.engine.op.nn;

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
import org.junit.jupiter.api.Test;

class ConvTransposeTest {
  private static final Tensor THREE = Tensor.of(new float[] {1, 2, 3}, 1, 1, 3);
  private static final Tensor KERNEL = Tensor.of(new float[] {1, 10, 100}, 1, 1, 3);

  private static OneOperator transposed() {
    return OneOperator.of("ConvTranspose", 11);
  }

  private static float[] run(OneOperator operator) {
    return ((FloatTensor) operator.run(THREE, KERNEL)).toArray();
  }

  @Test
  void spreadsEachElementOverTheKernel() {
    assertThat(run(transposed())).containsExactly(1, 12, 123, 230, 300);
  }

  @Test
  void spreadsAtStepsOfTheStride() {
    assertThat(run(transposed().with("strides", new long[] {2})))
        .containsExactly(1, 10, 102, 20, 203, 30, 300);
  }

  @Test
  void cutsPaddingOff() {
    assertThat(run(transposed().with("pads", new long[] {1, 2}))).containsExactly(12, 123);
  }

  @Test
  void addsOutputPaddingBehind() {
    OneOperator operator =
        transposed().with("strides", new long[] {2}).with("output_padding", new long[] {1});
    assertThat(run(operator)).containsExactly(1, 10, 102, 20, 203, 30, 300, 0);
  }

  @Test
  void padsForAGivenShape() {
    OneOperator operator = transposed().with("output_shape", new long[] {4});
    assertThat(run(operator.with("auto_pad", "SAME_UPPER"))).containsExactly(1, 12, 123, 230);
    assertThat(run(transposed().with("output_shape", new long[] {4})))
        .containsExactly(12, 123, 230, 300);
  }

  @Test
  void padsForAMultipleOfTheInputsLength() {
    OneOperator operator =
        transposed().with("strides", new long[] {2}).with("auto_pad", "SAME_LOWER");
    assertThat(run(operator)).containsExactly(10, 102, 20, 203, 30, 300);
  }

  @Test
  void computesGroupsOfFloatsAsDoubles() {
    OneOperator operator =
        transposed()
            .with("group", 2L)
            .with("strides", new long[] {2, 1})
            .with("dilations", new long[] {1, 2})
            .with("pads", new long[] {1, 0, 0, 1});
    FloatTensor x = Numbers.random(1, 2, 4, 5, 7);
    FloatTensor w = Numbers.random(2, 4, 3, 3, 2);
    FloatTensor b = Numbers.random(3, 6);
    Tensor actual = operator.run(x, w, b);
    Tensor expected = operator.run(Numbers.doubles(x), Numbers.doubles(w), Numbers.doubles(b));
    assertThat(actual.dims()).isEqualTo(expected.dims());
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.doubleAt(i)).isCloseTo(expected.doubleAt(i), within(1e-5));
    }
  }

  @Test
  void infersSymbolicLengths() {
    Dim n = Dim.symbol("n");
    Dim h = Dim.symbol("h");
    ValueInfo y =
        transposed()
            .with("strides", new long[] {2})
            .infer(
                ValueInfo.of(ElementType.FLOAT, Shape.of(n, Dim.of(4), h)),
                ValueInfo.of(ElementType.FLOAT, Shape.of(4, 3, 2)));
    assertThat(y.shape()).isEqualTo(Shape.of(n, Dim.of(3), h.times(2)));
  }

  @Test
  void refusesOtherChannels() {
    assertThatThrownBy(() -> transposed().run(Numbers.random(1, 1, 3, 5), KERNEL))
        .hasMessageContaining("X has 3 channels but W [1, 1, 3] takes 1");
  }
}
