package io.sparkonnx.engine.op.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchRulesTest {
  private static final Dim N = Dim.symbol("n");
  private static final BatchAxis ROWS = BatchAxis.rows(0);
  private static final BatchAxis SHARED = BatchAxis.SHARED;

  private static ValueInfo floats(Object... dims) {
    return ValueInfo.of(ElementType.FLOAT, shape(dims));
  }

  private static Shape shape(Object... dims) {
    return Shape.of(
        Arrays.stream(dims)
            .map(dim -> dim instanceof Dim symbol ? symbol : Dim.of((int) dim))
            .toList());
  }

  private static ValueInfo longs(long... values) {
    return ValueInfo.ofConstant(Tensor.of(values, values.length));
  }

  @Test
  void transposeMovesTheBatch() {
    assertThat(
            OneOperator.of("Transpose", 13)
                .with("perm", new long[] {2, 0, 1})
                .batch(List.of(ROWS), floats(N, 3, 4)))
        .isEqualTo(BatchAxis.rows(1));
  }

  @Test
  void reshapeFindsTheBatchAgain() {
    OneOperator reshape = OneOperator.of("Reshape", 13);
    assertThat(reshape.batch(List.of(ROWS, SHARED), floats(N, 12), longs(-1, 3, 4)))
        .isEqualTo(ROWS);
    assertThat(reshape.batch(List.of(ROWS, SHARED), floats(N, 12), longs(-1, 4))).isEqualTo(ROWS);
  }

  @Test
  void reshapeAcrossRowsIsCoupled() {
    BatchAxis axis =
        OneOperator.of("Reshape", 13).batch(List.of(ROWS, SHARED), floats(N, 12), longs(5, -1));
    assertThat(axis.kind()).isEqualTo(BatchAxis.Kind.COUPLED);
  }

  @Test
  void squeezeWithoutAxesIsCoupledSinceTheRankDependsOnTheRows() {
    BatchAxis axis = OneOperator.of("Squeeze", 13).batch(List.of(ROWS), floats(N, 1));
    assertThat(axis.kind()).isEqualTo(BatchAxis.Kind.COUPLED);
  }

  @Test
  void squeezeAndUnsqueezeShiftTheBatch() {
    assertThat(
            OneOperator.of("Unsqueeze", 11)
                .with("axes", new long[] {0})
                .batch(List.of(ROWS), floats(N, 3)))
        .isEqualTo(BatchAxis.rows(1));
    assertThat(
            OneOperator.of("Squeeze", 11)
                .with("axes", new long[] {0})
                .batch(List.of(BatchAxis.rows(1)), floats(1, N, 3)))
        .isEqualTo(ROWS);
  }

  @Test
  void concatBesideTheBatchKeepsRows() {
    assertThat(
            OneOperator.of("Concat", 13)
                .with("axis", -1L)
                .batch(List.of(ROWS, ROWS), floats(N, 3), floats(N, 4)))
        .isEqualTo(ROWS);
  }

  @Test
  void concatAlongTheBatchIsCoupled() {
    BatchAxis axis =
        OneOperator.of("Concat", 13)
            .with("axis", 0L)
            .batch(List.of(ROWS, SHARED), floats(N, 3), floats(1, 3));
    assertThat(axis.reason()).isEqualTo("Concat 'it': concatenates along the batch axis");
  }

  @Test
  void splitAlongTheBatchIsCoupled() {
    assertThat(
            OneOperator.of("Split", 13)
                .outputs(2)
                .with("axis", 1L)
                .batch(List.of(ROWS), floats(N, 4)))
        .isEqualTo(ROWS);
    assertThat(OneOperator.of("Split", 13).outputs(2).batch(List.of(ROWS), floats(N, 4)).reason())
        .isEqualTo("Split 'it': works along the batch axis");
  }

  @Test
  void sliceOfTheBatchIsCoupledUnlessWhole() {
    List<BatchAxis> axes = List.of(ROWS, SHARED, SHARED, SHARED, SHARED);
    OneOperator slice = OneOperator.of("Slice", 13);
    ValueInfo x = floats(N, 9);
    long far = Long.MAX_VALUE;
    assertThat(slice.batch(axes, x, longs(2), longs(5), longs(1), longs(1))).isEqualTo(ROWS);
    assertThat(slice.batch(axes, x, longs(0), longs(far), longs(0), longs(1))).isEqualTo(ROWS);
    assertThat(slice.batch(axes, x, longs(-1), longs(-far), longs(1), longs(-1))).isEqualTo(ROWS);
    assertThat(slice.batch(axes, x, longs(0), longs(5), longs(0), longs(1)).reason())
        .isEqualTo("Slice 'it': slices the batch axis");
    assertThat(slice.batch(axes, x, longs(-1), longs(-far), longs(0), longs(-1)).reason())
        .isEqualTo("Slice 'it': reverses the batch axis");
  }

  @Test
  void gatherByRowsOfIndicesHasRows() {
    ValueInfo indices = ValueInfo.of(ElementType.INT64, shape(N, 7));
    assertThat(OneOperator.of("Gather", 13).batch(List.of(SHARED, ROWS), floats(30, 8), indices))
        .isEqualTo(ROWS);
    assertThat(
            OneOperator.of("Gather", 13)
                .with("axis", 1L)
                .batch(List.of(ROWS, SHARED), floats(N, 30), longs(3, 4)))
        .isEqualTo(ROWS);
    assertThat(
            OneOperator.of("Gather", 13)
                .with("axis", 0L)
                .batch(List.of(BatchAxis.rows(1), SHARED), floats(30, N), floatIndices(2, 3)))
        .isEqualTo(BatchAxis.rows(2));
  }

  private static ValueInfo floatIndices(int... dims) {
    return ValueInfo.of(ElementType.INT64, Shape.of(dims));
  }

  @Test
  void gatherOfRowsIsCoupled() {
    assertThat(
            OneOperator.of("Gather", 13)
                .batch(List.of(ROWS, SHARED), floats(N, 30), longs(0))
                .reason())
        .isEqualTo("Gather 'it': picks along the batch axis");
  }

  @Test
  void expandAlongTheBatchMakesEqualRows() {
    ValueInfo target = ValueInfo.ofContents(ElementType.INT64, false, List.of(N, Dim.of(4)));
    List<BatchAxis> axes = List.of(SHARED, BatchAxis.SIZE);
    assertThat(OneOperator.of("Expand", 13).batch(axes, floats(1, 4), target)).isEqualTo(ROWS);
    assertThat(OneOperator.of("Expand", 13).batch(axes, floats(4), target)).isEqualTo(ROWS);
  }

  @Test
  void positionsCutToAtMostOneRowAreAlikeForAllRows() {
    ValueInfo target = ValueInfo.ofContents(ElementType.INT64, false, List.of(N, Dim.of(4)));
    ValueInfo positions = floats(N.min(Dim.ONE), 4);
    assertThat(
            OneOperator.of("Expand", 13).batch(List.of(SHARED, BatchAxis.SIZE), positions, target))
        .isEqualTo(ROWS);
  }

  @Test
  void theNumberOfRowsInEveryRowIsCoupled() {
    ValueInfo size = ValueInfo.ofContents(ElementType.INT64, false, List.of(N));
    ValueInfo target = ValueInfo.ofContents(ElementType.INT64, false, List.of(N, Dim.of(4)));
    BatchAxis axis =
        OneOperator.of("Expand", 13).batch(List.of(BatchAxis.SIZE, BatchAxis.SIZE), size, target);
    assertThat(axis.kind()).isEqualTo(BatchAxis.Kind.COUPLED);
  }

  @Test
  void aSquareOverTheRowsIsCoupled() {
    ValueInfo target = ValueInfo.ofContents(ElementType.INT64, false, List.of(N, N));
    BatchAxis axis = OneOperator.of("ConstantOfShape", 9).batch(List.of(BatchAxis.SIZE), target);
    assertThat(axis.kind()).isEqualTo(BatchAxis.Kind.COUPLED);
  }

  @Test
  void constantOfShapeWithTheNumberOfRowsHasRows() {
    ValueInfo target = ValueInfo.ofContents(ElementType.INT64, false, List.of(Dim.of(4), N));
    assertThat(OneOperator.of("ConstantOfShape", 9).batch(List.of(BatchAxis.SIZE), target))
        .isEqualTo(BatchAxis.rows(1));
  }

  @Test
  void rangeOverTheRowsIsCoupled() {
    ValueInfo zero = ValueInfo.ofConstant(Tensor.of(new long[] {0}));
    ValueInfo one = ValueInfo.ofConstant(Tensor.of(new long[] {1}));
    ValueInfo rows = ValueInfo.ofContents(ElementType.INT64, true, List.of(N));
    BatchAxis axis =
        OneOperator.of("Range", 11).batch(List.of(SHARED, BatchAxis.SIZE, SHARED), zero, rows, one);
    assertThat(axis.kind()).isEqualTo(BatchAxis.Kind.COUPLED);
  }

  @Test
  void depthToSpaceKeepsTheBatch() {
    assertThat(
            OneOperator.of("DepthToSpace", 11)
                .with("blocksize", 2L)
                .batch(List.of(ROWS), floats(N, 8, 3, 3)))
        .isEqualTo(ROWS);
  }

  @Test
  void dropoutThatMayTrainIsCoupled() {
    ValueInfo ratio = floats();
    ValueInfo training = ValueInfo.of(ElementType.BOOL, Shape.SCALAR);
    List<BatchAxis> axes = List.of(ROWS, SHARED, SHARED);
    assertThat(OneOperator.of("Dropout", 13).batch(axes, floats(N, 3), ratio, training).reason())
        .isEqualTo("Dropout 'it': drops at random");
    assertThat(OneOperator.of("Dropout", 13).batch(List.of(ROWS), floats(N, 3))).isEqualTo(ROWS);
  }
}
