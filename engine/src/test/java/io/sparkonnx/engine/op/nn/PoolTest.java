package io.sparkonnx.engine.op.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkonnx.engine.op.BatchAxis;
import io.sparkonnx.engine.op.math.Numbers;
import io.sparkonnx.engine.op.tensor.OneOperator;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolTest {
  private static final Tensor SQUARE =
      Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 1, 1, 3, 3);

  private static OneOperator pool(String type, int... kernel) {
    long[] lengths = new long[kernel.length];
    for (int i = 0; i < kernel.length; i++) {
      lengths[i] = kernel[i];
    }
    return OneOperator.of(type, 22).with("kernel_shape", lengths);
  }

  private static float[] floats(Tensor tensor) {
    return ((FloatTensor) tensor).toArray();
  }

  @Test
  void takesTheGreatest() {
    assertThat(floats(pool("MaxPool", 2, 2).run(SQUARE))).containsExactly(5, 6, 8, 9);
  }

  @Test
  void neverTakesPadding() {
    Tensor negative = Tensor.of(new float[] {-5, -6, -7}, 1, 1, 3);
    OneOperator padded = pool("MaxPool", 2).with("pads", new long[] {1, 1});
    assertThat(floats(padded.run(negative))).containsExactly(-5, -5, -6, -7);
  }

  @Test
  void givesNanWhereATapIsNan() {
    Tensor x = Tensor.of(new float[] {1, Float.NaN, 3, 4}, 1, 1, 4);
    assertThat(floats(pool("MaxPool", 2).run(x))).containsExactly(Float.NaN, Float.NaN, 4);
  }

  @Test
  void countsTheLastPartialWindow() {
    OneOperator ceil =
        pool("MaxPool", 2, 2).with("strides", new long[] {2, 2}).with("ceil_mode", 1L);
    assertThat(floats(ceil.run(SQUARE))).containsExactly(5, 6, 8, 9);
  }

  @Test
  void skipsAWindowThatStartsBehindTheImage() {
    Tensor x = Tensor.of(new float[] {1, 2}, 1, 1, 2);
    OneOperator ceil =
        pool("MaxPool", 1)
            .with("strides", new long[] {3})
            .with("pads", new long[] {0, 1})
            .with("ceil_mode", 1L);
    assertThat(floats(ceil.run(x))).containsExactly(1);
  }

  @Test
  void tellsPositionsInTheWholeTensor() {
    Tensor x = Tensor.of(new float[] {9, 1, 2, 8, 7, 7}, 2, 1, 3);
    List<OnnxValue> outputs = pool("MaxPool", 2).outputs(2).all(x);
    assertThat(((LongTensor) outputs.get(1)).array()).containsExactly(0, 2, 3, 4);
  }

  @Test
  void tellsColumnMajorPositions() {
    List<OnnxValue> outputs =
        pool("MaxPool", 2, 2).with("storage_order", 1L).outputs(2).all(SQUARE);
    assertThat(((LongTensor) outputs.get(1)).array()).containsExactly(4, 7, 5, 8);
  }

  @Test
  void poolsSignedAndUnsignedBytes() {
    Tensor signed = Numbers.of(ElementType.INT8, new int[] {1, 1, 3}, -3, -2, 1);
    Tensor unsigned = Numbers.of(ElementType.UINT8, new int[] {1, 1, 3}, 250, 3, 4);
    assertThat(pool("MaxPool", 2).run(signed).longAt(0)).isEqualTo(-2);
    assertThat(pool("MaxPool", 2).run(unsigned).longAt(0)).isEqualTo(250);
  }

  @Test
  void averagesOverTapsInsideTheImage() {
    Tensor x = Tensor.of(new float[] {2, 4, 9}, 1, 1, 3);
    OneOperator padded = pool("AveragePool", 2).with("pads", new long[] {1, 0});
    assertThat(floats(padded.run(x))).containsExactly(2, 3, 6.5f);
  }

  @Test
  void averagesOverPaddingWhereAsked() {
    Tensor x = Tensor.of(new float[] {2, 4, 9}, 1, 1, 3);
    OneOperator padded =
        pool("AveragePool", 2).with("pads", new long[] {1, 0}).with("count_include_pad", 1L);
    assertThat(floats(padded.run(x))).containsExactly(1, 3, 6.5f);
  }

  @Test
  void neverCountsTapsBehindThePadding() {
    Tensor x = Tensor.of(new float[] {2, 4, 9}, 1, 1, 3);
    OneOperator ceil =
        pool("AveragePool", 2)
            .with("strides", new long[] {2})
            .with("ceil_mode", 1L)
            .with("count_include_pad", 1L);
    assertThat(floats(ceil.run(x))).containsExactly(3, 9);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"AveragePool", "LpPool", "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"})
  void computesFloatsAsDoubles(String type) {
    FloatTensor x = Numbers.random(1, 2, 3, 9, 7);
    OneOperator pool =
        type.startsWith("Global")
            ? OneOperator.of(type, 22)
            : pool(type, 3, 2)
                .with("pads", new long[] {1, 1, 0, 1})
                .with("dilations", new long[] {2, 1});
    Tensor expected = pool.run(Numbers.doubles(x));
    Tensor actual = pool.run(x);
    assertThat(actual.dims()).isEqualTo(expected.dims());
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.doubleAt(i)).isCloseTo(expected.doubleAt(i), within(1e-5));
    }
  }

  @Test
  void takesNormsOfWindows() {
    Tensor x = Tensor.of(new float[] {3, -4, 12}, 1, 1, 3);
    assertThat(floats(pool("LpPool", 2).run(x))[0]).isCloseTo(5, within(1e-6f));
    assertThat(floats(pool("LpPool", 2).with("p", 1L).run(x))).containsExactly(7, 16);
    assertThat(floats(pool("LpPool", 2).with("p", 3L).run(x))[0])
        .isCloseTo((float) Math.cbrt(91), within(1e-5f));
  }

  @Test
  void poolsWholeChannels() {
    Tensor x = Tensor.of(new float[] {3, 4, -1, -2}, 1, 2, 2);
    assertThat(floats(OneOperator.of("GlobalAveragePool", 1).run(x))).containsExactly(3.5f, -1.5f);
    assertThat(floats(OneOperator.of("GlobalMaxPool", 1).run(x))).containsExactly(4, -1);
    assertThat(floats(OneOperator.of("GlobalLpPool", 2).run(x))[0]).isCloseTo(5, within(1e-6f));
  }

  @Test
  void readsTheFloatOrderOfTheFirstVersion() {
    Tensor x = Tensor.of(new float[] {3, -4}, 1, 1, 2);
    OneOperator first = OneOperator.of("GlobalLpPool", 1).with("p", 1f);
    assertThat(floats(first.run(x))).containsExactly(7);
  }

  @Test
  void refusesToPoolWithoutAKernelShape() {
    assertThatThrownBy(() -> OneOperator.of("MaxPool", 12).operator())
        .hasMessageContaining("attribute 'kernel_shape' is missing");
  }

  @Test
  void refusesAKernelOfAnotherRank() {
    assertThatThrownBy(() -> pool("MaxPool", 2).run(SQUARE))
        .hasMessageContaining("kernel_shape has 1 elements, expected 2");
  }

  @Test
  void keepsTheBatchOfImages() {
    ValueInfo x =
        ValueInfo.of(ElementType.FLOAT, Shape.of(Dim.symbol("n"), Dim.of(3), Dim.of(8), Dim.of(8)));
    assertThat(pool("MaxPool", 2, 2).batch(List.of(BatchAxis.rows(0)), x))
        .isEqualTo(BatchAxis.rows(0));
  }
}
