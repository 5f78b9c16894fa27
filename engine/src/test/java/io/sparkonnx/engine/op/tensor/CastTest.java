package io.sparkonnx.engine.op.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.NarrowTypes;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CastTest {
  private static Tensor cast(Tensor input, ElementType to) {
    return OneOperator.of("Cast", 13).with("to", (long) to.code()).run(input);
  }

  private static long[] longs(Tensor tensor) {
    return IntStream.range(0, tensor.size()).mapToLong(tensor::longAt).toArray();
  }

  private static double[] doubles(Tensor tensor) {
    return IntStream.range(0, tensor.size()).mapToDouble(tensor::doubleAt).toArray();
  }

  static Stream<Arguments> numericPairs() {
    return Stream.of(ElementType.values())
        .filter(CastTest::isNumber)
        .flatMap(
            from ->
                Stream.of(ElementType.values())
                    .filter(CastTest::isNumber)
                    .map(to -> Arguments.of(from, to)));
  }

  private static boolean isNumber(ElementType type) {
    boolean scale = type == ElementType.FLOAT8E8M0;
    return type != ElementType.STRING && type != ElementType.BOOL && type.width() == 1 && !scale;
  }

  @ParameterizedTest
  @MethodSource("numericPairs")
  void smallNumbersPassThroughEveryPairOfTypes(ElementType from, ElementType to) {
    Tensor input = cast(Tensor.of(new double[] {0, 1}, 2), from);
    assertThat(doubles(cast(input, to))).containsExactly(0, 1);
  }

  @Test
  void blocksCoverEveryElement() {
    for (int size : new int[] {0, 1, 255, 256, 257, 4097}) {
      Tensor cast = cast(Numbered.of(ElementType.FLOAT, size), ElementType.INT64);
      assertThat(longs(cast)).isEqualTo(IntStream.range(0, size).asLongStream().toArray());
    }
  }

  @Test
  void integersKeepTheirLowBits() {
    Tensor input = Tensor.of(new long[] {200, -1, 65_537, 1L << 40}, 4);
    assertThat(longs(cast(input, ElementType.INT8))).containsExactly(-56, -1, 1, 0);
    assertThat(longs(cast(input, ElementType.UINT8))).containsExactly(200, 255, 1, 0);
    assertThat(longs(cast(input, ElementType.UINT32)))
        .containsExactly(200, 4_294_967_295L, 65_537, 0);
    assertThat(longs(cast(input, ElementType.INT4))).containsExactly(-8, -1, 1, 0);
    assertThat(longs(cast(input, ElementType.UINT4))).containsExactly(8, 15, 1, 0);
  }

  @Test
  void floatsLoseTheirFraction() {
    Tensor input = Tensor.of(new float[] {1.9f, -1.9f, Float.NaN, -0.5f}, 4);
    assertThat(longs(cast(input, ElementType.INT32))).containsExactly(1, -1, 0, 0);
  }

  @Test
  void anythingButZeroIsTrue() {
    Tensor input = Tensor.of(new float[] {0f, -0f, 0.1f, Float.NaN, -3f}, 5);
    assertThat(longs(cast(input, ElementType.BOOL))).containsExactly(0, 0, 1, 1, 1);
    Tensor integers = Tensor.of(new long[] {0, 1L << 32}, 2);
    assertThat(longs(cast(integers, ElementType.BOOL))).containsExactly(0, 1);
  }

  @Test
  void longsBecomeTheNearestFloatAtOnce() {
    Random random = new Random(1);
    long[] values = random.longs(1000).toArray();
    FloatTensor cast = (FloatTensor) cast(Tensor.of(values, 1000), ElementType.FLOAT);
    for (int i = 0; i < values.length; i++) {
      assertThat(cast.get(i)).as("%d", values[i]).isEqualTo((float) values[i]);
    }
  }

  @Test
  void unsignedLongsKeepTheirRange() {
    Tensor large =
        cast(Tensor.of(new double[] {0x1p63, 0x1.8p63, 0x1p64, 5}, 4), ElementType.UINT64);
    assertThat(longs(large)).containsExactly(Long.MIN_VALUE, 0xC000000000000000L, -1, 5);
    assertThat(doubles(cast(large, ElementType.FLOAT)))
        .containsExactly(0x1p63, 0x1.8p63, 0x1p64, 5);
  }

  @Test
  void doublesRoundToHalfOnce() {
    double justAboveHalfway = 1 + 0x1p-11 + 0x1p-40;
    Tensor half =
        cast(Tensor.of(new double[] {justAboveHalfway, 1 + 0x1p-11}, 2), ElementType.FLOAT16);
    assertThat(doubles(half)).containsExactly(1 + 0x1p-10, 1);
    Tensor brain = cast(Tensor.of(new double[] {1 + 0x1p-8 + 0x1p-40}, 1), ElementType.BFLOAT16);
    assertThat(doubles(brain)).containsExactly(1 + 0x1p-7);
  }

  @Test
  void everyHalfSurvivesADetour() {
    short[] bits = new short[1 << 16];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (short) i;
    }
    Tensor halves = Tensor.wrap(ElementType.FLOAT16, bits, 0, bits.length);
    Tensor back = cast(cast(halves, ElementType.DOUBLE), ElementType.FLOAT16);
    for (int i = 0; i < bits.length; i++) {
      Float expected = NarrowTypes.halfToFloat(bits[i]);
      assertThat((float) back.doubleAt(i)).as("bits %x", i).isEqualTo(expected);
    }
  }

  @Test
  void textsAreParsedPlainScientificAndSpecial() {
    Tensor texts =
        Tensor.of(new String[] {"3.14", "1e-5", "1E8", "INF", "+inf", "-INF", "NaN", "-7"}, 8);
    double inf = Double.POSITIVE_INFINITY;
    assertThat(doubles(cast(texts, ElementType.DOUBLE)))
        .containsExactly(3.14, 1e-5, 1e8, inf, inf, -inf, Double.NaN, -7);
  }

  @Test
  void longTextsAreExact() {
    Tensor texts = Tensor.of(new String[] {"9007199254740993", "100.5"}, 2);
    assertThat(longs(cast(texts, ElementType.INT64))).containsExactly(9007199254740993L, 100);
  }

  @Test
  void textThatIsNoNumberIsRefused() {
    Tensor texts = Tensor.of(new String[] {"0x1p3"}, 1);
    assertThatThrownBy(() -> cast(texts, ElementType.FLOAT))
        .hasMessage("Cast 'it': '0x1p3' is no number");
  }

  @Test
  void numbersBecomePlainText() {
    Tensor floats = Tensor.of(new float[] {314.15926f, 1e-5f, 1e8f, Float.NaN, -0f}, 5);
    assertThat(((StringTensor) cast(floats, ElementType.STRING)).toArray())
        .containsExactly("314.15927", "0.00001", "100000000.0", "NaN", "-0.0");
    Tensor longs = Tensor.of(new long[] {-3, Long.MAX_VALUE}, 2);
    assertThat(((StringTensor) cast(longs, ElementType.STRING)).toArray())
        .containsExactly("-3", "9223372036854775807");
  }

  @Test
  void smallFloatsSaturateUnlessToldOtherwise() {
    Tensor input = Tensor.of(new float[] {1e6f, -1e6f, Float.POSITIVE_INFINITY, 17f}, 4);
    assertThat(doubles(cast(input, ElementType.FLOAT8E4M3FN))).containsExactly(448, -448, 448, 16);
    Tensor open =
        OneOperator.of("Cast", 19)
            .with("to", (long) ElementType.FLOAT8E5M2.code())
            .with("saturate", 0L)
            .run(input);
    double inf = Double.POSITIVE_INFINITY;
    assertThat(doubles(open)).containsExactly(inf, -inf, inf, 16);
  }

  @Test
  void everySmallFloatIsItsOwnNearest() {
    for (ElementType type :
        new ElementType[] {
          ElementType.FLOAT8E4M3FN,
          ElementType.FLOAT8E4M3FNUZ,
          ElementType.FLOAT8E5M2,
          ElementType.FLOAT8E5M2FNUZ
        }) {
      byte[] bits = new byte[256];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = (byte) i;
      }
      Tensor all = Tensor.wrap(type, bits, 0, bits.length);
      Tensor back =
          OneOperator.of("Cast", 19)
              .with("to", (long) type.code())
              .with("saturate", 0L)
              .run(cast(all, ElementType.FLOAT));
      assertThat(doubles(back)).as("%s", type).isEqualTo(doubles(all));
    }
  }

  @Test
  void castLikeTakesTheOtherInputsType() {
    Tensor cast =
        OneOperator.of("CastLike", 15)
            .run(Tensor.of(new float[] {2.5f}, 1), Tensor.of(new long[] {1}, 1));
    assertThat(cast.type()).isEqualTo(ElementType.INT64);
  }

  @Test
  void opsetOneNamesTheType() {
    assertThat(OneOperator.of("Cast", 1).with("to", "INT64").run(Tensor.of(new float[1], 1)).type())
        .isEqualTo(ElementType.INT64);
  }

  @Test
  void anUnknownTypeIsRefused() {
    assertThatThrownBy(() -> OneOperator.of("Cast", 13).with("to", 99L).operator())
        .hasMessage("Cast 'it': attribute 'to' is 99, which is no element type");
  }
}
