package io.sparkonnx.benchmarks;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Results that may be timed, and those that may not. */
class AgreementTest {
  private static final Agreement BITS = new Agreement(true);
  private static final Agreement VALUES = new Agreement(false);

  @Test
  void oneBitIsADifferenceWhereBitsAreCompared() {
    Tensor expected = Tensor.of(new float[] {1f, 2f}, 2);
    Tensor actual = Tensor.of(new float[] {1f, Math.nextUp(2f)}, 2);
    assertThatThrownBy(() -> BITS.require("y", expected, actual))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the device's result is not the CPU's: y[1] is 2.0000002, expected 2.0");
  }

  @Test
  void theSignOfZeroIsABit() {
    Tensor expected = Tensor.of(new float[] {0f}, 1);
    Tensor actual = Tensor.of(new float[] {-0f}, 1);
    assertThatThrownBy(() -> BITS.require("y", expected, actual))
        .hasMessageContaining("y[0] is -0.0, expected 0.0");
  }

  @Test
  void notANumberEqualsItself() {
    Tensor nan = Tensor.of(new float[] {Float.NaN}, 1);
    assertThatCode(() -> BITS.require("y", nan, nan)).doesNotThrowAnyException();
    assertThatCode(() -> VALUES.require("y", nan, nan)).doesNotThrowAnyException();
  }

  @Test
  void anErrorSmallBesideTheOthersIsNoneWhereValuesAreCompared() {
    Tensor expected = Tensor.of(new float[] {0f, 100f}, 2);
    Tensor actual = Tensor.of(new float[] {0.005f, 100.01f}, 2);
    assertThatCode(() -> VALUES.require("y", expected, actual)).doesNotThrowAnyException();
  }

  @Test
  void anErrorOfAThousandthIsADifference() {
    Tensor expected = Tensor.of(new float[] {1f, 100f}, 2);
    Tensor actual = Tensor.of(new float[] {1f, 100.1f}, 2);
    assertThatThrownBy(() -> VALUES.require("y", expected, actual))
        .hasMessageContaining("y differs in 1 of 2 elements");
  }

  @Test
  void anotherShapeIsADifference() {
    Tensor expected = Tensor.of(new float[2], 2);
    Tensor actual = Tensor.of(new float[2], 1, 2);
    assertThatThrownBy(() -> BITS.require("y", expected, actual)).hasMessageContaining("y is ");
  }

  @Test
  void anOutputThatIsMissingIsAnError() {
    Tensor value = Tensor.of(new float[1], 1);
    assertThatThrownBy(() -> BITS.require(Map.of("y", value), Map.of()))
        .hasMessage("outputs [], not [y]");
  }
}
