package io.sparkonnx.engine.op.tensor;

import static io.sparkonnx.engine.op.tensor.ResizeCases.floats;
import static io.sparkonnx.engine.op.tensor.ResizeCases.longs;
import static io.sparkonnx.engine.op.tensor.ResizeCases.resize;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.OnnxException;
import io.sparkonnx.engine.tensor.Tensor;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Resize and Upsample refuse, and how they say so. */
class ResizeRefusalTest {
  private static AbstractStringAssert<?> refused(OneOperator operator, Tensor... inputs) {
    return assertThatThrownBy(() -> operator.run(inputs))
        .isInstanceOf(OnnxException.class)
        .message();
  }

  @Test
  void attributesOutsideOfTheirValuesAreRefused() {
    Tensor x = floats(1, 2);
    Tensor two = floats(2);
    refused(resize("mode", "area"), x, null, two).contains("mode is 'area'");
    refused(OneOperator.of("Resize", 10).with("mode", "cubic"), x, two)
        .contains("mode is 'cubic', expected nearest or linear");
    refused(OneOperator.of("Upsample", 9).with("mode", "cubic"), x, two)
        .contains("mode is 'cubic', expected nearest or linear");
    refused(resize("nearest_mode", "simple"), x, null, two).contains("nearest_mode is 'simple'");
    refused(resize("nearest_mode", "by_scale"), x, null, two)
        .contains("nearest_mode is 'by_scale'");
    refused(resize("coordinate_transformation_mode", "pixel"), x, null, two)
        .contains("coordinate_transformation_mode is 'pixel'");
    refused(resize("keep_aspect_ratio_policy", "crop"), x, null, two)
        .contains("keep_aspect_ratio_policy is 'crop'");
    refused(resize("antialias", 1L), x, null, two).contains("antialias");
    refused(resize("axes", new long[] {1}), x, null, two).contains("axis 1 is outside");
    refused(resize("axes", new long[] {0, -1}), x, null, floats(2, 2)).contains("named twice");
  }

  @Test
  void upsampleNeedsItsScales() {
    assertThatThrownBy(() -> OneOperator.of("Upsample", 7).operator())
        .hasMessageContaining("'scales' is missing");
    assertThatThrownBy(() -> OneOperator.of("Upsample", 1).with("width_scale", 2f).operator())
        .hasMessageContaining("'height_scale' is missing");
  }

  @ParameterizedTest
  @ValueSource(floats = {0f, -2f, Float.NaN, Float.POSITIVE_INFINITY})
  void scalesThatAreNoFactorsAreRefused(float scale) {
    refused(resize(), floats(1, 2), null, floats(scale))
        .contains("a scale is " + scale + ", expected one above 0");
    refused(OneOperator.of("Upsample", 9), floats(1, 2), floats(scale))
        .contains("expected one from 1.0 on");
  }

  @Test
  void upsampleDoesNotShrink() {
    refused(OneOperator.of("Upsample", 9), floats(1, 2), floats(0.5f))
        .contains("a scale is 0.5, expected one from 1.0 on");
  }

  @Test
  void sizesAndScalesThatDoNotFitAreRefused() {
    Tensor x = Tensor.of(new float[6], 2, 3);
    refused(resize(), x, null, floats(2)).contains("1 scales for 2 axes");
    refused(resize(), x, null, null, longs(2, 2, 2)).contains("3 sizes for 2 axes");
    refused(resize(), x, null, floats(2, 2), longs(4, 6)).contains("both scales and sizes");
    refused(resize(), x).contains("neither scales nor sizes");
    refused(resize(), x, null, floats(), longs()).contains("neither scales nor sizes");
    refused(resize(), x, null, null, longs(-1, 3)).contains("a size is -1");
    refused(resize(), x, null, Tensor.of(new float[] {2, 2}, 1, 2)).contains("expected one axis");
    refused(resize(), x, null, longs(2, 2)).contains("input 2 is int64");
    refused(resize(), x, null, null, floats(2, 2)).contains("input 3 is float");
    refused(resize("keep_aspect_ratio_policy", "not_larger"), x, null, floats(2, 2))
        .contains("keep_aspect_ratio_policy is for sizes");
    refused(resize(), Tensor.of(new float[0], 0, 3), null, null, longs(1, 3))
        .contains("axis 0 has no elements to make 1 of");
    refused(resize(), x, null, floats(1e9f, 1e9f))
        .contains("axis 1 would have 3000000000 elements");
  }

  @Test
  void aCropNeedsItsBounds() {
    OneOperator crop = resize("coordinate_transformation_mode", "tf_crop_and_resize");
    refused(crop, floats(1, 2), null, floats(2)).contains("needs the input roi");
    refused(crop, floats(1, 2), floats(0, 1, 2), floats(2)).contains("3 bounds in roi for 1 axes");
  }

  @Test
  void truthValuesAndTextsAreNotInterpolated() {
    OneOperator linear = resize("mode", "linear");
    refused(linear, Tensor.of(new boolean[] {true}, 1), null, floats(2))
        .contains("input 0 is bool, which cannot be interpolated");
    refused(linear, Tensor.of(new String[] {"a"}, 1), null, floats(2))
        .contains("input 0 is string, which cannot be interpolated");
  }
}
