package io.sparkonnx.engine.op.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewsTest {
  private static Tensor numbers(int... dims) {
    return Numbered.of(ElementType.FLOAT, dims);
  }

  private static Tensor reshape(Tensor input, long... shape) {
    return OneOperator.of("Reshape", 13).run(input, Tensor.of(shape, shape.length));
  }

  @Test
  void reshapeSharesTheArray() {
    Tensor input = numbers(2, 6);
    Tensor output = reshape(input, 3, 4);
    assertThat(output.array()).isSameAs(input.array());
    assertThat(output.offset()).isEqualTo(input.offset());
    assertThat(output.dims()).containsExactly(3, 4);
  }

  @Test
  void reshapeCopiesADimensionForZeroAndFillsMinusOne() {
    assertThat(reshape(numbers(2, 3, 4), 0, -1).dims()).containsExactly(2, 12);
  }

  @Test
  void reshapeToNoDimensionsMakesAScalar() {
    assertThat(reshape(numbers(1, 1)).dims()).isEmpty();
  }

  @Test
  void reshapeOfNoRowsKeepsTheOtherDimensions() {
    assertThat(reshape(numbers(0, 12), -1, 3, 4).dims()).containsExactly(0, 3, 4);
  }

  @Test
  void reshapeTakesAZeroLiterallyWhenAllowed() {
    Tensor output =
        OneOperator.of("Reshape", 14)
            .with("allowzero", 1L)
            .run(numbers(0, 3), Tensor.of(new long[] {3, 0}, 2));
    assertThat(output.dims()).containsExactly(3, 0);
  }

  @Test
  void reshapeRefusesAShapeOfAnotherSize() {
    assertThatThrownBy(() -> reshape(numbers(2, 3), 4, 2))
        .hasMessage("Reshape 'it': the elements of [2, 3] do not fill the shape [4, 2]");
  }

  @Test
  void reshapeRefusesTwoUnknowns() {
    assertThatThrownBy(() -> reshape(numbers(2, 3), -1, -1))
        .hasMessage("Reshape 'it': the shape [-1, -1] has more than one -1");
  }

  @Test
  void reshapeRefusesAnIndivisibleRest() {
    assertThatThrownBy(() -> reshape(numbers(2, 3), 4, -1))
        .hasMessage("Reshape 'it': 6 elements of [2, 3] do not divide by 4");
  }

  @Test
  void earlyReshapeReadsItsShapeFromAnAttribute() {
    Tensor output =
        OneOperator.of("Reshape", 1).with("shape", new long[] {-1, 2}).run(numbers(2, 3));
    assertThat(output.dims()).containsExactly(3, 2);
  }

  @Test
  void flattenCutsAtItsAxis() {
    assertThat(OneOperator.of("Flatten", 9).run(numbers(2, 3, 4)).dims()).containsExactly(2, 12);
    assertThat(OneOperator.of("Flatten", 13).with("axis", -1L).run(numbers(2, 3, 4)).dims())
        .containsExactly(6, 4);
    assertThat(OneOperator.of("Flatten", 13).with("axis", 0L).run(numbers(2, 3)).dims())
        .containsExactly(1, 6);
    assertThat(OneOperator.of("Flatten", 13).with("axis", 3L).run(numbers(2, 3, 4)).dims())
        .containsExactly(24, 1);
  }

  @Test
  void flattenRefusesAnAxisOutside() {
    assertThatThrownBy(() -> OneOperator.of("Flatten", 13).with("axis", 3L).run(numbers(2, 3)))
        .hasMessage("Flatten 'it': axis 3 is outside a shape of 2 dimensions");
  }

  @Test
  void squeezeDropsTheNamedAxes() {
    assertThat(
            OneOperator.of("Squeeze", 11)
                .with("axes", new long[] {0, -2})
                .run(numbers(1, 3, 1, 1))
                .dims())
        .containsExactly(3, 1);
    assertThat(
            OneOperator.of("Squeeze", 13)
                .run(numbers(1, 3, 1), Tensor.of(new long[] {-1}, 1))
                .dims())
        .containsExactly(1, 3);
  }

  @Test
  void squeezeWithoutAxesDropsAllOfLengthOne() {
    assertThat(OneOperator.of("Squeeze", 13).run(numbers(1, 3, 1)).dims()).containsExactly(3);
  }

  @Test
  void squeezeRefusesALongerAxis() {
    assertThatThrownBy(
            () -> OneOperator.of("Squeeze", 1).with("axes", new long[] {1}).run(numbers(1, 3)))
        .hasMessage("Squeeze 'it': axis 1 of [1, 3] is not 1 long");
  }

  @Test
  void unsqueezeCountsAxesInTheResult() {
    assertThat(
            OneOperator.of("Unsqueeze", 13)
                .run(numbers(3, 4), Tensor.of(new long[] {-1, 0, 2}, 3))
                .dims())
        .containsExactly(1, 3, 1, 4, 1);
  }

  @Test
  void unsqueezeRefusesAnAxisNamedTwice() {
    assertThatThrownBy(
            () -> OneOperator.of("Unsqueeze", 11).with("axes", new long[] {0, -3}).run(numbers(3)))
        .hasMessage("Unsqueeze 'it': axis -3 is named twice");
  }

  @Test
  void identityPassesSequencesOn() {
    SequenceValue sequence = SequenceValue.of(List.of(numbers(2)));
    assertThat(OneOperator.of("Identity", 16).all(sequence).get(0)).isSameAs(sequence);
  }

  @Test
  void dropoutMasksNothingWhenAModelIsUsed() {
    Tensor input = numbers(2, 3);
    var outputs = OneOperator.of("Dropout", 10).outputs(2).all(input);
    assertThat(outputs.get(0)).isSameAs(input);
    assertThat(((Tensor) outputs.get(1)).type()).isEqualTo(ElementType.BOOL);
    assertThat(Numbered.read((Tensor) outputs.get(1))).containsOnly(1);
  }

  @Test
  void earlyDropoutHasAMaskOfTheInputsType() {
    var outputs = OneOperator.of("Dropout", 7).outputs(2).all(numbers(2, 3));
    assertThat(((Tensor) outputs.get(1)).type()).isEqualTo(ElementType.FLOAT);
    assertThat(Numbered.read((Tensor) outputs.get(1))).containsOnly(1);
  }

  @Test
  void dropoutInTrainingScalesWhatItKeeps() {
    Tensor ratio = Tensor.of(new float[] {0.75f});
    Tensor training = Tensor.of(new boolean[] {true});
    var outputs = OneOperator.of("Dropout", 13).outputs(2).all(numbers(4097), ratio, training);
    int[] mask = Numbered.read((Tensor) outputs.get(1));
    int[] kept = Numbered.read((Tensor) outputs.get(0));
    for (int i = 0; i < mask.length; i++) {
      assertThat(kept[i]).as("element %d", i).isEqualTo(mask[i] * 4 * i);
    }
    assertThat(Arrays.stream(mask).average().getAsDouble()).isBetween(0.2, 0.3);
  }
}
