package io.sparkonnx.engine.op.tensor;

import static io.sparkonnx.engine.op.tensor.ResizeCases.floats;
import static io.sparkonnx.engine.op.tensor.ResizeCases.longs;
import static io.sparkonnx.engine.op.tensor.ResizeCases.resize;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.op.math.Numbers;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResizeTest {
  private static float[] run(OneOperator operator, Tensor... inputs) {
    return ((FloatTensor) operator.run(inputs)).toArray();
  }

  @Test
  void theFirstVersionCountsFromTheFirstElementAndTakesTheNextOneWhereItShrinks() {
    OneOperator ten = OneOperator.of("Resize", 10);
    assertThat(run(ten, floats(1, 2, 3, 4), floats(0.6f))).containsExactly(1, 3);
    assertThat(run(ten, floats(1, 2), floats(3f))).containsExactly(1, 1, 1, 2, 2, 2);
    assertThat(run(ten.with("mode", "linear"), floats(1, 2), floats(2f)))
        .containsExactly(1, 1.5f, 2, 2);
  }

  @Test
  void upsampleTakesScalesOfEveryVersion() {
    Tensor x = Tensor.of(new float[] {1, 2}, 1, 1, 1, 2);
    OneOperator first =
        OneOperator.of("Upsample", 1).with("height_scale", 2f).with("width_scale", 2f);
    assertThat(run(first, x)).containsExactly(1, 1, 2, 2, 1, 1, 2, 2);
    assertThat(run(first.with("mode", "bilinear"), x))
        .containsExactly(1, 1.5f, 2, 2, 1, 1.5f, 2, 2);
    OneOperator seventh =
        OneOperator.of("Upsample", 7)
            .with("scales", new float[] {1, 1, 1, 3})
            .with("mode", "nearest");
    assertThat(run(seventh, x)).containsExactly(1, 1, 1, 2, 2, 2);
    assertThat(run(OneOperator.of("Upsample", 9), x, floats(1, 1, 1, 2)))
        .containsExactly(1, 1, 2, 2);
  }

  @Test
  void scalesThatAreNoBinaryFractionsHitTheElementsTheyMean() {
    Tensor x = floats(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    OneOperator floor =
        resize("coordinate_transformation_mode", "asymmetric", "nearest_mode", "floor");
    assertThat(run(floor, x, null, floats(0.6f))).containsExactly(0, 1, 3, 5, 6, 8);
    assertThat(run(floor, x, null, floats(0.7f))).containsExactly(0, 1, 2, 4, 5, 7, 8);
    OneOperator ten = OneOperator.of("Resize", 10);
    assertThat(run(ten, x, floats(0.1f))).containsExactly(0);
    assertThat(run(ten, x, floats(0.2f))).containsExactly(0, 5);
  }

  @Test
  void axesMayBeNamedFromTheEndInAnyOrder() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 1, 2, 2);
    OneOperator operator = resize("axes", new long[] {-1, 1});
    assertThat(operator.run(x, null, floats(2, 1)).dims()).containsExactly(1, 2, 4);
    assertThat(run(operator, x, null, null, longs(1, 4))).containsExactly(1, 1, 3, 3);
  }

  @Test
  void sizesMayBoundOneScaleOfAllAxes() {
    Tensor x = Numbers.random(1, 1, 1, 2, 4);
    Tensor bounds = longs(7, 8);
    OneOperator larger =
        resize("axes", new long[] {2, 3}, "keep_aspect_ratio_policy", "not_larger");
    OneOperator smaller =
        resize("axes", new long[] {2, 3}, "keep_aspect_ratio_policy", "not_smaller");
    assertThat(larger.run(x, null, null, bounds).dims()).containsExactly(1, 1, 4, 8);
    assertThat(smaller.run(x, null, null, bounds).dims()).containsExactly(1, 1, 7, 14);
  }

  @Test
  void nearestTakesElementsOfEveryType() {
    for (ElementType type : Numbered.TYPES) {
      Tensor x = Numbered.of(type, 2, 3);
      Tensor y = resize().run(x, null, floats(2, 1));
      assertThat(Numbered.read(y))
          .as(type.toString())
          .containsExactly(0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5);
    }
    Tensor truths = Tensor.of(new boolean[] {true, false}, 2);
    assertThat(Numbers.longs(resize().run(truths, null, floats(2)))).containsExactly(1, 1, 0, 0);
  }

  @Test
  void cropsBesideTheImageGiveTheExtrapolationValueOfEveryType() {
    OneOperator crop =
        resize("coordinate_transformation_mode", "tf_crop_and_resize", "extrapolation_value", 9f);
    Tensor roi = floats(0, 2);
    for (ElementType type : Numbers.INTEGERS) {
      Tensor y = crop.run(Numbers.vector(type, 1, 2), roi, null, longs(3));
      assertThat(Numbers.longs(y)).as(type.toString()).containsExactly(1, 2, 9);
    }
    Tensor texts = Tensor.of(new String[] {"a", "b"}, 2);
    StringTensor y = (StringTensor) crop.run(texts, roi, null, longs(3));
    assertThat(List.of(y.get(0), y.get(1), y.get(2))).containsExactly("a", "b", "");
    Tensor complex = Numbered.of(ElementType.COMPLEX64, 2);
    assertThat(Numbered.read(crop.run(complex, roi, null, longs(3)))).containsExactly(0, 1, 9);
  }

  @Test
  void integersLoseTheirFractionAndStayWithinTheirType() {
    for (ElementType type : Numbers.INTEGERS) {
      Tensor between = resize("mode", "linear").run(Numbers.vector(type, 0, 3), null, floats(2));
      assertThat(Numbers.longs(between)).as(type.toString()).containsExactly(0, 0, 2, 3);
    }
    OneOperator cubic = resize("mode", "cubic");
    Tensor edge = Numbers.vector(ElementType.UINT8, 0, 0, 255, 255);
    long[] bytes = Numbers.longs(cubic.run(edge, null, floats(4)));
    assertThat(Arrays.stream(bytes).min().getAsLong()).isZero();
    assertThat(Arrays.stream(bytes).max().getAsLong()).isEqualTo(255);
    Tensor most = Numbers.bits(ElementType.UINT64, 0, 0, -1, -1);
    long[] unsigned = Numbers.longs(cubic.run(most, null, floats(4)));
    assertThat(unsigned).contains(0, -1);
    assertThat(unsigned[0]).isZero();
    Tensor least = Numbers.bits(ElementType.INT64, 0, 0, Long.MIN_VALUE, Long.MIN_VALUE);
    long[] signed = Numbers.longs(cubic.run(least, null, floats(4)));
    assertThat(Arrays.stream(signed).min().getAsLong()).isEqualTo(Long.MIN_VALUE);
  }

  /** Weights are rounded, so that their sum may be a little below 1. */
  @ParameterizedTest
  @CsvSource({"linear, 0", "linear, 1", "cubic, 0", "cubic, 1"})
  void anEvenImageOfIntegersStaysSo(String mode, long antialias) {
    double[] sevens = new double[13 * 11];
    Arrays.fill(sevens, 7);
    Tensor x = Numbers.of(ElementType.INT32, new int[] {13, 11}, sevens);
    OneOperator operator = resize("mode", mode, "antialias", antialias);
    assertThat(Numbers.longs(operator.run(x, null, null, longs(7, 29)))).containsOnly(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT16", "BFLOAT16"})
  void narrowFloatsAreRoundedOnce(ElementType type) {
    Tensor x = Numbers.of(type, new int[] {3}, Numbers.read(Numbers.random(4, 3)));
    OneOperator cubic = resize("mode", "cubic");
    double[] exact = Numbers.read(cubic.run(Numbers.doubles(x), null, floats(3)));
    double[] rounded = Numbers.read(Numbers.of(type, new int[] {9}, exact));
    assertThat(Numbers.read(cubic.run(x, null, floats(3)))).containsExactly(rounded);
  }

  @Test
  void emptyImagesStayEmpty() {
    Tensor x = Tensor.of(new float[0], 0, 3);
    assertThat(resize("mode", "linear").run(x, null, floats(2, 2)).dims()).containsExactly(0, 6);
    assertThat(resize().run(x, null, null, longs(0, 2)).dims()).containsExactly(0, 2);
    assertThat(resize().run(floats(1, 2), null, floats(0.3f)).dims()).containsExactly(0);
  }

  @Test
  void aScalarStaysAScalar() {
    Tensor x = Tensor.of(new float[] {4});
    assertThat(run(OneOperator.of("Resize", 10), x, floats())).containsExactly(4);
  }
}
