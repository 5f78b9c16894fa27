package io.sparkonnx.engine.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ShapeTest {
  private static final Dim N = Dim.symbol("n");

  @Test
  void broadcastsFromTheLastAxis() {
    Shape shape = Shape.broadcast(Shape.of(N, Dim.of(3), Dim.of(4)), Shape.of(3, 1));
    assertThat(shape).isEqualTo(Shape.of(N, Dim.of(3), Dim.of(4)));
  }

  @Test
  void broadcastOfAnUnknownRankIsUnknown() {
    assertThat(Shape.broadcast(Shape.UNKNOWN, Shape.of(2))).isEqualTo(Shape.UNKNOWN);
  }

  @Test
  void broadcastOfMisfitsIsNull() {
    assertThat(Shape.broadcast(Shape.of(2, 3), Shape.of(2, 4))).isNull();
  }

  @Test
  void sizeOfAScalarIsOne() {
    assertThat(Shape.SCALAR.size()).isEqualTo(Dim.ONE);
  }

  @Test
  void evaluatesWithBoundSymbols() {
    assertThat(Shape.of(N, Dim.of(3)).evaluate(Map.of("n", 5L)::get)).containsExactly(5, 3);
  }

  @Test
  void refusesADimensionThatTurnsOutNegative() {
    assertThatThrownBy(() -> Shape.of(N.plus(-4)).evaluate(Map.of("n", 3L)::get))
        .hasMessage("dimension n - 4 is -1");
  }
}
