package io.sparkonnx.engine.op.reduce;

import static io.sparkonnx.engine.tensor.ElementType.DOUBLE;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkonnx.engine.op.math.Numbers;
import io.sparkonnx.engine.op.tensor.OneOperator;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SoftmaxTest {
  private static final double NAN = Double.NaN;

  static Stream<ElementType> floats() {
    return Numbers.FLOATS.stream();
  }

  private static double[] apply(String type, Tensor x) {
    return Numbers.read(OneOperator.of(type, 13).run(x));
  }

  @ParameterizedTest
  @MethodSource("floats")
  void valuesHoldForAllTypes(ElementType type) {
    Tensor x = Numbers.vector(type, 0, 1, 3, 3);
    double[] softmax = {0.0226, 0.0614, 0.4580, 0.4580};
    double[] log = {-3.7900, -2.7900, -0.7900, -0.7900};
    for (int i = 0; i < 4; i++) {
      assertThat(apply("Softmax", x)[i]).isCloseTo(softmax[i], within(4e-3));
      assertThat(apply("LogSoftmax", x)[i]).isCloseTo(log[i], within(1.6e-2));
    }
    assertThat(apply("Hardmax", x)).containsExactly(0, 0, 1, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Softmax", "LogSoftmax", "Hardmax"})
  void everyAxisGivesWhatDoublesGive(String type) {
    Tensor x = Numbers.random(8, 3, 17, 40);
    for (long axis = -3; axis < 3; axis++) {
      OneOperator operator = OneOperator.of(type, 13).with("axis", axis);
      double[] expected = Numbers.read(operator.run(Numbers.doubles(x)));
      double[] actual = Numbers.read(operator.run(x));
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(2e-6));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Softmax", "LogSoftmax", "Hardmax"})
  void aRowHasTheSameBitsAloneAndInABatch(String type) {
    FloatTensor x = Numbers.random(9, 5, 208);
    float[] together = ((FloatTensor) OneOperator.of(type, 13).run(x)).toArray();
    for (int row = 0; row < 5; row++) {
      Tensor alone = x.view(x.offset() + row * 208, 1, 208);
      assertThat(((FloatTensor) OneOperator.of(type, 13).run(alone)).toArray())
          .isEqualTo(java.util.Arrays.copyOfRange(together, row * 208, (row + 1) * 208));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Softmax", "LogSoftmax", "Hardmax"})
  void aRowHasTheSameBitsWhereTheBatchIsTheLastAxis(String type) {
    FloatTensor x = Numbers.random(9, 208, 700);
    OneOperator operator = OneOperator.of(type, 13).with("axis", 0L);
    FloatTensor together = (FloatTensor) operator.run(x);
    for (int row = 0; row < 700; row += 99) {
      float[] column = new float[208];
      float[] expected = new float[208];
      for (int k = 0; k < 208; k++) {
        column[k] = x.get(k * 700 + row);
        expected[k] = together.get(k * 700 + row);
      }
      FloatTensor alone = (FloatTensor) operator.run(Tensor.of(column, 208, 1));
      assertThat(alone.toArray()).isEqualTo(expected);
    }
  }

  @Test
  void beforeOpset13AllAxesFromTheGivenOneAreOneRow() {
    Tensor x = Numbers.of(FLOAT, new int[] {2, 2, 2}, new double[8]);
    assertThat(Numbers.read(OneOperator.of("Softmax", 11).run(x))).containsOnly(0.25);
    assertThat(Numbers.read(OneOperator.of("Softmax", 11).with("axis", 0L).run(x)))
        .containsOnly(0.125);
    assertThat(Numbers.read(OneOperator.of("Softmax", 11).with("axis", -1L).run(x)))
        .containsOnly(0.5);
    assertThat(Numbers.read(OneOperator.of("Softmax", 13).with("axis", 1L).run(x)))
        .containsOnly(0.5);
  }

  @Test
  void aVectorBeforeOpset13IsManyRowsOfOne() {
    Tensor x = Numbers.vector(FLOAT, 3, 4);
    assertThat(Numbers.read(OneOperator.of("Softmax", 1).run(x))).containsExactly(1, 1);
  }

  @Test
  void hardmaxTakesTheFirstMaximumOrNan() {
    for (ElementType type : List.of(FLOAT, DOUBLE)) {
      assertThat(apply("Hardmax", Numbers.vector(type, 1, 4, 4))).containsExactly(0, 1, 0);
      assertThat(apply("Hardmax", Numbers.vector(type, 1, NAN, 4))).containsExactly(0, 1, 0);
    }
  }

  @Test
  void nanSpoilsItsRowOnly() {
    Tensor x = Numbers.of(FLOAT, new int[] {2, 2}, NAN, 1, 2, 2);
    assertThat(apply("Softmax", x)).containsExactly(NAN, NAN, 0.5, 0.5);
  }

  @Test
  void nothingStaysNothing() {
    assertThat(OneOperator.of("Softmax", 13).run(Numbers.of(FLOAT, new int[] {0, 3})).dims())
        .containsExactly(0, 3);
    assertThat(OneOperator.of("Softmax", 13).run(Numbers.of(FLOAT, new int[] {3, 0})).dims())
        .containsExactly(3, 0);
  }

  @Test
  void anAxisOutsideIsRefused() {
    ValueInfo x = ValueInfo.of(FLOAT, Shape.of(2, 3));
    assertThatThrownBy(() -> OneOperator.of("Softmax", 13).with("axis", 2L).infer(x))
        .hasMessage("Softmax 'it': axis 2 is outside a shape of 2 dimensions");
  }
}
