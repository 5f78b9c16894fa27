package io.sparkonnx.engine.op.tensor;

import static io.sparkonnx.engine.op.tensor.ResizeCases.floats;
import static io.sparkonnx.engine.op.tensor.ResizeCases.longs;
import static io.sparkonnx.engine.op.tensor.ResizeCases.resize;
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

/** Shapes and batches of resized tensors. */
class ResizeInferenceTest {
  private static final Dim N = Dim.symbol("n");

  private static ValueInfo image(Object height) {
    Dim rows = height instanceof Dim dim ? dim : Dim.of((Integer) height);
    return ValueInfo.of(ElementType.FLOAT, Shape.of(N, Dim.of(3), rows, Dim.of(5)));
  }

  private static ValueInfo constant(Tensor tensor) {
    return ValueInfo.ofConstant(tensor);
  }

  @Test
  void lengthsFollowFromScalesBeforeARun() {
    Dim height = Dim.symbol("h");
    ValueInfo scales = constant(floats(1, 1, 1.5f, 0.7f));
    Shape shape = resize().infer(image(height), null, scales).shape();
    assertThat(shape.dims().subList(0, 3))
        .containsExactly(N, Dim.of(3), height.times(3).floorDiv(2));
    assertThat(shape.dim(3)).isEqualTo(Dim.of(3));
  }

  @Test
  void lengthsFollowFromSizesThatAreMadeOfShapes() {
    ValueInfo sizes =
        ValueInfo.ofContents(
            ElementType.INT64, false, List.of(N, Dim.of(3), Dim.of(8), Dim.symbol("w").times(2)));
    assertThat(resize().infer(image(4), null, null, sizes).shape())
        .hasToString(Shape.of(N, Dim.of(3), Dim.of(8), Dim.symbol("w").times(2)).toString());
  }

  @Test
  void scalesThatARunGivesLeaveTheLengthsOpen() {
    ValueInfo scales = ValueInfo.of(ElementType.FLOAT, Shape.of(4));
    assertThat(resize().infer(image(4), null, scales).shape().isConstant()).isFalse();
  }

  private static BatchAxis batch(OneOperator operator, ValueInfo... others) {
    ValueInfo[] inputs = new ValueInfo[others.length + 1];
    inputs[0] = image(4);
    System.arraycopy(others, 0, inputs, 1, others.length);
    BatchAxis[] axes = new BatchAxis[inputs.length];
    Arrays.fill(axes, BatchAxis.SHARED);
    axes[0] = BatchAxis.rows(0);
    return operator.batch(List.of(axes), inputs);
  }

  @Test
  void imagesOfABatchAreResizedOneByOne() {
    assertThat(batch(resize(), null, constant(floats(1, 1, 2, 2)))).isEqualTo(BatchAxis.rows(0));
    ValueInfo two = constant(longs(7, 9));
    assertThat(batch(resize("axes", new long[] {2, 3}), null, null, two))
        .isEqualTo(BatchAxis.rows(0));
    ValueInfo sizes =
        ValueInfo.ofContents(ElementType.INT64, false, List.of(N, Dim.of(3), Dim.of(8), Dim.of(9)));
    assertThat(batch(resize(), null, null, sizes)).isEqualTo(BatchAxis.rows(0));
  }

  @Test
  void aResizedBatchIsCoupled() {
    assertThat(batch(resize(), null, constant(floats(2, 1, 1, 1))).reason())
        .contains("resizes the batch axis");
    assertThat(batch(resize(), null, null, constant(longs(4, 3, 4, 5))).reason())
        .contains("resizes the batch axis");
  }

  @Test
  void imagesWhoseSizeDependsOnTheNumberOfRowsAreCoupled() {
    ValueInfo sizes =
        ValueInfo.ofContents(ElementType.INT64, false, List.of(N, Dim.of(3), N, Dim.of(9)));
    assertThat(batch(resize(), null, null, sizes).reason()).contains("number of rows");
  }

  @Test
  void aCroppedBatchIsCoupled() {
    OneOperator crop = resize("coordinate_transformation_mode", "tf_crop_and_resize");
    ValueInfo scales = constant(floats(1, 1, 2, 2));
    ValueInfo whole = constant(floats(0, 0, 0, 0, 1, 1, 0.5f, 0.5f));
    ValueInfo part = constant(floats(0.5f, 0, 0, 0, 1, 1, 1, 1));
    assertThat(batch(crop, whole, scales)).isEqualTo(BatchAxis.rows(0));
    assertThat(batch(crop, part, scales).reason()).contains("crops the batch axis");
    ValueInfo open = ValueInfo.of(ElementType.FLOAT, Shape.of(8));
    assertThat(batch(crop, open, scales).reason()).contains("crops the batch axis");
  }
}
