package io.sparkonnx.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void aViewLooksAtTheSameArray() {
    FloatTensor tensor = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    FloatTensor row = tensor.view(3, 3);
    tensor.array()[4] = 50;
    assertThat(row.toArray()).containsExactly(4, 50, 6);
  }

  @Test
  void refusesAShapeThatTheArrayCannotHold() {
    assertThatThrownBy(() -> Tensor.of(new float[5], 2, 3))
        .hasMessage("tensor [2, 3] at 0 does not fit an array of 5");
  }

  @Test
  void refusesAShapeOfTooManyElements() {
    assertThatThrownBy(() -> Tensor.sizeOf(65_536, 65_536))
        .hasMessage("shape [65536, 65536] has more than 2^31-1 elements");
  }

  @Test
  void aZeroDimensionMakesAnyShapeEmpty() {
    assertThat(Tensor.sizeOf(65_536, 65_536, 0)).isZero();
  }

  @Test
  void stringsAreHeldAsUtf8() {
    StringTensor tensor = Tensor.of(new String[] {"", "añb", "日本", "🙂"}, 4);
    assertThat(tensor.toArray()).containsExactly("", "añb", "日本", "🙂");
    assertThat(tensor.end(1) - tensor.begin(1)).isEqualTo(4);
  }

  @Test
  void aCopyOfStringsHoldsOnlyItsOwnBytes() {
    StringTensor part = Tensor.of(new String[] {"ab", "cd", "ef"}, 3).view(1, 1);
    assertThat(part.copy().toArray()).containsExactly("cd");
    assertThat(part.copy().bytes()).hasSize(2);
  }

  @Test
  void mapsThatShareKeysBecomeObjectsOnlyWhenAskedFor() {
    SequenceValue maps =
        SequenceValue.ofMaps(
            Tensor.of(new String[] {"a", "b"}, 2), Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
    MapValue second = (MapValue) maps.get(1);
    assertThat(((FloatTensor) second.values()).toArray()).containsExactly(3, 4);
  }
}
