package io.sparkonnx.engine.op.reduce;

import static io.sparkonnx.engine.tensor.ElementType.DOUBLE;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static io.sparkonnx.engine.tensor.ElementType.INT64;
import static io.sparkonnx.engine.tensor.ElementType.UINT64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

class ArgExtremeTest {
  private static final double NAN = Double.NaN;

  static Stream<ElementType> numbers() {
    return Stream.of(Numbers.FLOATS, Numbers.INTEGERS).flatMap(List::stream);
  }

  private static long[] apply(OneOperator operator, Tensor x) {
    return Numbers.longs(operator.run(x));
  }

  @ParameterizedTest
  @MethodSource("numbers")
  void theFirstOrTheLastOfEqualExtremes(ElementType type) {
    Tensor x = Numbers.of(type, new int[] {2, 4}, 3, 9, 9, 3, 7, 1, 1, 7);
    OneOperator max = OneOperator.of("ArgMax", 13).with("axis", 1L);
    OneOperator min = OneOperator.of("ArgMin", 13).with("axis", -1L);
    assertThat(apply(max, x)).containsExactly(1, 0);
    assertThat(apply(min, x)).containsExactly(0, 1);
    assertThat(apply(max.with("select_last_index", 1L), x)).containsExactly(2, 3);
    assertThat(apply(min.with("select_last_index", 1L), x)).containsExactly(3, 2);
    assertThat(apply(OneOperator.of("ArgMax", 13), x)).containsExactly(1, 0, 0, 1);
  }

  @Test
  void nanIsTheExtreme() {
    for (ElementType type : List.of(FLOAT, DOUBLE)) {
      Tensor x = Numbers.vector(type, 1, NAN, 5, NAN, -5);
      for (String operator : List.of("ArgMax", "ArgMin")) {
        assertThat(apply(OneOperator.of(operator, 13), x)).containsExactly(1);
        assertThat(apply(OneOperator.of(operator, 13).with("select_last_index", 1L), x))
            .containsExactly(3);
      }
    }
  }

  @Test
  void unsigned64BitIntegersAreComparedAsSuch() {
    assertThat(apply(OneOperator.of("ArgMax", 13), Numbers.bits(UINT64, 1, -1, 2)))
        .containsExactly(1);
  }

  @Test
  void everyAxisGivesWhatASearchGives() {
    FloatTensor x = Numbers.random(6, 4, 17, 3);
    for (int axis = 0; axis < 3; axis++) {
      Tensor y = OneOperator.of("ArgMax", 13).with("axis", (long) axis).run(x);
      int inner = axis == 2 ? 1 : axis == 1 ? 3 : 51;
      int length = x.dim(axis);
      for (int i = 0; i < y.size(); i++) {
        int from = i / inner * inner * length + i % inner;
        float best = x.get(from + (int) y.longAt(i) * inner);
        for (int k = 0; k < length; k++) {
          assertThat(x.get(from + k * inner)).isLessThanOrEqualTo(best);
        }
      }
    }
  }

  @Test
  void theAxisIsKeptOrDropped() {
    ValueInfo x = ValueInfo.of(FLOAT, Shape.of(2, 3));
    OneOperator max = OneOperator.of("ArgMax", 13).with("axis", 1L);
    assertThat(max.infer(x)).isEqualTo(ValueInfo.of(INT64, Shape.of(2, 1)));
    assertThat(max.with("keepdims", 0L).infer(x)).isEqualTo(ValueInfo.of(INT64, Shape.of(2)));
    assertThat(max.infer(ValueInfo.of(FLOAT, Shape.UNKNOWN)).shape()).isEqualTo(Shape.UNKNOWN);
  }

  @Test
  void nothingToChooseFromIsAnError() {
    OneOperator max = OneOperator.of("ArgMax", 13).with("axis", 1L);
    assertThatThrownBy(() -> max.infer(ValueInfo.of(FLOAT, Shape.of(2, 0))))
        .hasMessage("ArgMax 'it': axis 1 of [2, 0] has no elements to choose from");
    assertThat(max.run(Numbers.of(FLOAT, new int[] {0, 3})).dims()).containsExactly(0, 1);
  }
}
