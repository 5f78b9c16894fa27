package io.sparkonnx.engine.op.reduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.tensor.OneOperator;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReduceBatchTest {
  private static final Dim N = Dim.symbol("n");
  private static final Dim C = Dim.of(3);
  private static final BatchAxis ROWS = BatchAxis.rows(0);

  private static ValueInfo floats(Dim... dims) {
    return ValueInfo.of(ElementType.FLOAT, Shape.of(dims));
  }

  private static boolean couples(BatchAxis axis) {
    return axis.kind() == BatchAxis.Kind.COUPLED;
  }

  @Test
  void reductionsOfOtherAxesKeepRows() {
    OneOperator sum = OneOperator.of("ReduceSum", 11).with("axes", new long[] {-1});
    assertThat(sum.batch(List.of(ROWS), floats(N, C))).isEqualTo(ROWS);
    assertThat(couples(sum.batch(List.of(BatchAxis.rows(1)), floats(C, N)))).isTrue();
    assertThat(couples(OneOperator.of("ReduceSum", 11).batch(List.of(ROWS), floats(N, C))))
        .isTrue();
  }

  @Test
  void aDroppedAxisBeforeTheBatchMovesIt() {
    BatchAxis second = BatchAxis.rows(1);
    OneOperator sum = OneOperator.of("ReduceSum", 11).with("axes", new long[] {0, 2});
    assertThat(sum.batch(List.of(second), floats(C, N, C))).isEqualTo(second);
    assertThat(sum.with("keepdims", 0L).batch(List.of(second), floats(C, N, C))).isEqualTo(ROWS);
    OneOperator max = OneOperator.of("ArgMax", 13).with("keepdims", 0L);
    assertThat(max.batch(List.of(second), floats(C, N))).isEqualTo(ROWS);
    assertThat(couples(max.batch(List.of(ROWS), floats(N, C)))).isTrue();
  }

  @Test
  void axesFromAnInputMustBeKnown() {
    OneOperator sum = OneOperator.of("ReduceSum", 13);
    ValueInfo one = ValueInfo.ofConstant(Tensor.of(new long[] {1}, 1));
    ValueInfo unknown = ValueInfo.of(ElementType.INT64, Shape.of(1));
    List<BatchAxis> axes = List.of(ROWS, BatchAxis.SHARED);
    assertThat(sum.batch(axes, floats(N, C), one)).isEqualTo(ROWS);
    assertThat(couples(sum.batch(axes, floats(N, C), unknown))).isTrue();
  }

  @Test
  void noReductionKeepsRows() {
    OneOperator sum = OneOperator.of("ReduceSum", 13).with("noop_with_empty_axes", 1L);
    assertThat(sum.batch(List.of(ROWS), floats(N, C))).isEqualTo(ROWS);
  }

  @Test
  void softmaxAlongTheBatchCouplesRows() {
    assertThat(OneOperator.of("Softmax", 13).batch(List.of(ROWS), floats(N, C))).isEqualTo(ROWS);
    assertThat(
            couples(
                OneOperator.of("Softmax", 13).with("axis", 0L).batch(List.of(ROWS), floats(N, C))))
        .isTrue();
  }

  @Test
  void softmaxBeforeOpset13MixesAllAxesFromItsOwnOn() {
    OneOperator softmax = OneOperator.of("Softmax", 11);
    assertThat(softmax.batch(List.of(ROWS), floats(N, C, C))).isEqualTo(ROWS);
    assertThat(couples(softmax.batch(List.of(BatchAxis.rows(2)), floats(C, C, N)))).isTrue();
    assertThat(
            OneOperator.of("Softmax", 13)
                .with("axis", 1L)
                .batch(List.of(BatchAxis.rows(2)), floats(C, C, N)))
        .isEqualTo(BatchAxis.rows(2));
  }

  @Test
  void theNumberOfRowsStaysASize() {
    ValueInfo lengths = ValueInfo.ofContents(ElementType.INT64, false, List.of(N, C));
    assertThat(OneOperator.of("ReduceProd", 11).batch(List.of(BatchAxis.SIZE), lengths))
        .isEqualTo(BatchAxis.SIZE);
  }
}
