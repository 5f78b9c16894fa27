package io.sparkonnx.engine.op.math;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.tensor.OneOperator;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElementwiseBatchTest {
  private static final Dim N = Dim.symbol("n");
  private static final Dim C = Dim.of(3);
  private static final BatchAxis ROWS = BatchAxis.rows(0);
  private static final BatchAxis SHARED = BatchAxis.SHARED;

  private static ValueInfo floats(Dim... dims) {
    return ValueInfo.of(ElementType.FLOAT, Shape.of(dims));
  }

  private static boolean couples(BatchAxis axis) {
    return axis.kind() == BatchAxis.Kind.COUPLED;
  }

  @Test
  void aConstantAddedToRowsKeepsThem() {
    OneOperator add = OneOperator.of("Add", 14);
    assertThat(add.batch(List.of(ROWS, SHARED), floats(N, C), floats(C))).isEqualTo(ROWS);
    assertThat(add.batch(List.of(SHARED, ROWS), floats(Dim.ONE, Dim.ONE, C), floats(N, C)))
        .isEqualTo(BatchAxis.rows(1));
  }

  @Test
  void aConstantWithAnElementForEachRowCouplesThem() {
    OneOperator add = OneOperator.of("Add", 14);
    BatchAxis square = add.batch(List.of(ROWS, SHARED), floats(N, N), floats(N, Dim.ONE));
    assertThat(couples(square)).isTrue();
  }

  @Test
  void rowsAtDifferentAxesCouple() {
    OneOperator less = OneOperator.of("Less", 13);
    assertThat(couples(less.batch(List.of(ROWS, ROWS), floats(N, Dim.ONE), floats(N)))).isTrue();
  }

  @Test
  void anOldAxisPutsAConstantAtTheChannels() {
    OneOperator add = OneOperator.of("Add", 6).with("broadcast", 1L).with("axis", 1L);
    ValueInfo image = floats(N, C, Dim.of(8), Dim.of(8));
    assertThat(add.batch(List.of(ROWS, SHARED), image, floats(C))).isEqualTo(ROWS);
    OneOperator first = OneOperator.of("Add", 6).with("broadcast", 1L).with("axis", 0L);
    assertThat(couples(first.batch(List.of(ROWS, SHARED), floats(N, C), floats(N)))).isTrue();
  }

  @Test
  void functionsOfOneElementKeepAnyAxis() {
    BatchAxis last = BatchAxis.rows(1);
    assertThat(OneOperator.of("Relu", 14).batch(List.of(last), floats(C, N))).isEqualTo(last);
    assertThat(
            OneOperator.of("Clip", 13)
                .batch(List.of(ROWS, SHARED, SHARED), floats(N, C), floats(), floats()))
        .isEqualTo(ROWS);
    assertThat(OneOperator.of("IsNaN", 20).batch(List.of(ROWS), floats(N))).isEqualTo(ROWS);
  }

  @Test
  void boundsFromTheBatchCoupleRows() {
    OneOperator clip = OneOperator.of("Clip", 13);
    assertThat(couples(clip.batch(List.of(ROWS, ROWS), floats(N, C), floats()))).isTrue();
  }

  @Test
  void theNumberOfRowsStaysASize() {
    ValueInfo length = ValueInfo.ofContents(ElementType.INT64, false, List.of(N));
    assertThat(OneOperator.of("Mul", 14).batch(List.of(BatchAxis.SIZE, SHARED), length, length))
        .isEqualTo(BatchAxis.SIZE);
  }
}
