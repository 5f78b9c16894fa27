package io.sparkonnx.engine.op.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PicksTest {
  private static Tensor longs(long... values) {
    return Tensor.of(values, values.length);
  }

  private static Tensor floats(float... values) {
    return Tensor.of(values, values.length);
  }

  private static float[] read(Tensor tensor) {
    float[] values = new float[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) tensor.doubleAt(i);
    }
    return values;
  }

  private static Tensor numbered(int... dims) {
    return Numbered.of(ElementType.INT32, dims);
  }

  private static int[] numbers(OnnxValue value) {
    return Numbered.read((Tensor) value);
  }

  @Test
  void padsByElementsOfTheInput() {
    Tensor row = numbered(4);
    OneOperator pad = OneOperator.of("Pad", 19);
    assertThat(numbers(pad.with("mode", "reflect").run(row, longs(5, 2), null)))
        .containsExactly(1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1);
    assertThat(numbers(pad.with("mode", "edge").run(row, longs(2, 1), null)))
        .containsExactly(0, 0, 0, 1, 2, 3, 3);
    assertThat(numbers(pad.with("mode", "wrap").run(row, longs(5, 2), null)))
        .containsExactly(3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1);
  }

  @Test
  void padsNamedAxesWithAConstant() {
    Tensor value = Tensor.of(new int[] {9});
    assertThat(
            numbers(OneOperator.of("Pad", 18).run(numbered(2, 2), longs(0, 1), value, longs(-1))))
        .containsExactly(0, 1, 9, 2, 3, 9);
  }

  @Test
  void negativePadsTakeElementsAway() {
    assertThat(numbers(OneOperator.of("Pad", 13).run(numbered(5), longs(-1, 2))))
        .containsExactly(1, 2, 3, 4, 0, 0);
    OneOperator mirrored = OneOperator.of("Pad", 13).with("mode", "reflect");
    assertThat(numbers(mirrored.run(numbered(5), longs(-2, 2)))).containsExactly(2, 3, 4, 3, 2);
  }

  @Test
  void padsStringsWithEmptyOnes() {
    StringTensor padded =
        (StringTensor) OneOperator.of("Pad", 13).run(Tensor.of(new String[] {"a"}, 1), longs(1, 1));
    assertThat(padded.toArray()).containsExactly("", "a", "");
  }

  @Test
  void earlyPadsAreAttributes() {
    OneOperator pad =
        OneOperator.of("Pad", 2).with("pads", new long[] {0, 1, 0, 0}).with("value", 7f);
    assertThat(read(pad.run(Tensor.of(new float[] {1, 2}, 2, 1)))).containsExactly(7, 1, 7, 2);
    assertThat(OneOperator.of("Pad", 1).with("paddings", new long[] {1, 1}).run(floats(1)).dims())
        .containsExactly(3);
  }

  @Test
  void gathersElementsAlongAnAxis() {
    Tensor indices = Tensor.of(new long[] {0, -1, 1, 1, 0, 2}, 2, 3);
    assertThat(numbers(OneOperator.of("GatherElements", 13).run(numbered(3, 3), indices)))
        .containsExactly(0, 7, 5, 3, 1, 8);
    assertThat(
            numbers(
                OneOperator.of("GatherElements", 13)
                    .with("axis", -1L)
                    .run(numbered(2, 3), indices)))
        .containsExactly(0, 2, 1, 4, 3, 5);
  }

  @Test
  void anIndexOutsideIsRefused() {
    Tensor indices = Tensor.of(new long[] {3}, 1);
    assertThatThrownBy(() -> OneOperator.of("GatherElements", 13).run(numbered(3), indices))
        .hasMessage("GatherElements 'it': index 3 is outside an axis of 3");
    assertThatThrownBy(() -> OneOperator.of("Gather", 13).run(numbered(3), longs(-4)))
        .hasMessage("Gather 'it': index -4 is outside an axis of 3");
  }

  @Test
  void gathersSlicesByTuples() {
    Tensor indices = Tensor.of(new long[] {0, 1, 1, -1}, 2, 2);
    assertThat(numbers(OneOperator.of("GatherND", 12).run(numbered(2, 2, 2), indices)))
        .containsExactly(2, 3, 6, 7);
    assertThat(
            numbers(
                OneOperator.of("GatherND", 12)
                    .with("batch_dims", 1L)
                    .run(numbered(2, 2, 2), Tensor.of(new long[] {1, 0}, 2, 1))))
        .containsExactly(2, 3, 4, 5);
  }

  @Test
  void scattersElementsInto() {
    Tensor indices = Tensor.of(new long[] {1, -2}, 1, 2);
    Tensor updates = Tensor.of(new int[] {50, 60}, 1, 2);
    assertThat(
            numbers(
                OneOperator.of("ScatterElements", 11)
                    .with("axis", 1L)
                    .run(numbered(1, 5), indices, updates)))
        .containsExactly(0, 50, 2, 60, 4);
  }

  @Test
  void scattersStrings() {
    StringTensor output =
        (StringTensor)
            OneOperator.of("Scatter", 9)
                .run(
                    Tensor.of(new String[] {"a", "b", "c"}, 3),
                    longs(2, 0),
                    Tensor.of(new String[] {"x", "yy"}, 2));
    assertThat(output.toArray()).containsExactly("yy", "b", "x");
  }

  @Test
  void scatteringLeavesTheInputAlone() {
    Tensor data = numbered(3);
    Tensor output =
        OneOperator.of("ScatterElements", 13).run(data, longs(0), Tensor.of(new int[] {9}, 1));
    assertThat(output.array()).isNotSameAs(data.array());
    assertThat(numbers(data)).containsExactly(0, 1, 2);
  }

  @Test
  void scatteredElementsAreReducedInOrder() {
    Tensor indices = longs(1, 1, 0);
    Tensor updates = floats(2, 3, -1);
    Tensor data = floats(1, 10);
    OneOperator scatter = OneOperator.of("ScatterElements", 18);
    assertThat(read(scatter.with("reduction", "add").run(data, indices, updates)))
        .containsExactly(0, 15);
    assertThat(read(scatter.with("reduction", "mul").run(data, indices, updates)))
        .containsExactly(-1, 60);
    assertThat(read(scatter.with("reduction", "max").run(data, indices, updates)))
        .containsExactly(1, 10);
    assertThat(read(scatter.with("reduction", "min").run(data, indices, updates)))
        .containsExactly(-1, 2);
  }

  @Test
  void integersAndHalvesAreReducedInTheirOwnTypes() {
    OneOperator add = OneOperator.of("ScatterND", 16).with("reduction", "add");
    Tensor at = Tensor.of(new long[] {0, 0}, 2, 1);
    for (ElementType type : List.of(ElementType.UINT8, ElementType.FLOAT16, ElementType.DOUBLE)) {
      Tensor data = Conversion.scalar(200, type).reshaped(1);
      Tensor updates = Tensor.allocate(type, 2);
      Fill.with(updates, Conversion.scalar(30, type));
      double expected = type == ElementType.UINT8 ? 4 : 260;
      assertThat(add.run(data, at, updates).doubleAt(0)).as("%s", type).isEqualTo(expected);
    }
  }

  @Test
  void scattersSlicesByTuples() {
    Tensor indices = Tensor.of(new long[] {2, 0}, 2, 1);
    Tensor updates = Tensor.of(new int[] {60, 61, 70, 71}, 2, 2);
    assertThat(numbers(OneOperator.of("ScatterND", 13).run(numbered(3, 2), indices, updates)))
        .containsExactly(70, 71, 2, 3, 60, 61);
  }

  @Test
  void oneHotCountsNegativeIndicesFromTheEndSinceOpsetEleven() {
    Tensor indices = longs(1, -1, 3);
    Tensor depth = Tensor.of(new long[] {3});
    Tensor values = Tensor.of(new int[] {5, 9}, 2);
    assertThat(numbers(OneOperator.of("OneHot", 11).run(indices, depth, values)))
        .containsExactly(5, 9, 5, 5, 5, 9, 5, 5, 5);
    assertThat(numbers(OneOperator.of("OneHot", 9).with("axis", 0L).run(indices, depth, values)))
        .containsExactly(5, 5, 5, 9, 5, 5, 5, 5, 5);
  }

  @Test
  void nonZeroGivesAColumnForEach() {
    Tensor found =
        OneOperator.of("NonZero", 13).run(Tensor.of(new float[] {0, 1, Float.NaN, -0f}, 2, 2));
    assertThat(found.dims()).containsExactly(2, 2);
    assertThat(numbers(found)).containsExactly(0, 1, 1, 0);
    assertThat(OneOperator.of("NonZero", 13).run(Tensor.of(new float[] {3})).dims())
        .containsExactly(0, 1);
  }

  @Test
  void compressKeepsWhatTheConditionSays() {
    Tensor condition = Tensor.of(new boolean[] {false, true}, 2);
    OneOperator compress = OneOperator.of("Compress", 11);
    assertThat(numbers(compress.run(numbered(3, 2), condition))).containsExactly(1);
    assertThat(numbers(compress.with("axis", -2L).run(numbered(3, 2), condition)))
        .containsExactly(2, 3);
  }

  @Test
  void triluKeepsATriangle() {
    Tensor matrix = numbered(1, 3, 3);
    assertThat(numbers(OneOperator.of("Trilu", 14).run(matrix)))
        .containsExactly(0, 1, 2, 0, 4, 5, 0, 0, 8);
    assertThat(
            numbers(
                OneOperator.of("Trilu", 14)
                    .with("upper", 0L)
                    .run(matrix, Tensor.of(new long[] {-1}))))
        .containsExactly(0, 0, 0, 3, 0, 0, 6, 7, 0);
  }

  @Test
  void eyeLikeHasOnesOnItsDiagonal() {
    assertThat(
            read(OneOperator.of("EyeLike", 9).with("k", 1L).with("dtype", 10L).run(numbered(2, 3))))
        .containsExactly(0, 1, 0, 0, 0, 1);
  }

  @Test
  void reversesTheFirstOfEachSequence() {
    OneOperator reverse =
        OneOperator.of("ReverseSequence", 10).with("time_axis", 1L).with("batch_axis", 0L);
    assertThat(numbers(reverse.run(numbered(2, 3), longs(2, 0)))).containsExactly(1, 0, 2, 3, 4, 5);
    assertThat(numbers(OneOperator.of("ReverseSequence", 10).run(numbered(3, 2), longs(3, 1))))
        .containsExactly(4, 1, 2, 3, 0, 5);
  }

  @Test
  void sumsRunForwardsAndBackwards() {
    Tensor row = floats(1, 2, 3, 4);
    Tensor axis = Tensor.of(new long[] {0});
    assertThat(read(OneOperator.of("CumSum", 14).run(row, axis))).containsExactly(1, 3, 6, 10);
    assertThat(read(OneOperator.of("CumSum", 14).with("exclusive", 1L).run(row, axis)))
        .containsExactly(0, 1, 3, 6);
    assertThat(read(OneOperator.of("CumSum", 14).with("reverse", 1L).run(row, axis)))
        .containsExactly(10, 9, 7, 4);
    assertThat(numbers(OneOperator.of("CumSum", 14).run(numbered(2, 3), Tensor.of(new int[] {-2}))))
        .containsExactly(0, 1, 2, 3, 5, 7);
  }

  @Test
  void halvesAreSummedAsFloats() {
    Tensor halves = Tensor.allocate(ElementType.FLOAT16, 4096);
    Fill.with(halves, Conversion.scalar(1, ElementType.FLOAT16));
    Tensor sums = OneOperator.of("CumSum", 14).run(halves, Tensor.of(new long[] {0}));
    assertThat(sums.doubleAt(4095)).isEqualTo(4096);
  }

  @Test
  void topKAgreesWithSorting() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int length = 1 + random.nextInt(40);
      int inner = 1 + random.nextInt(3);
      int k = random.nextInt(length + 1);
      boolean largest = random.nextBoolean();
      float[] values = new float[length * inner];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt(20) == 0 ? Float.NaN : random.nextInt(9) - 4;
      }
      var outputs =
          OneOperator.of("TopK", 11)
              .with("axis", 0L)
              .with("largest", largest ? 1L : 0L)
              .outputs(2)
              .all(Tensor.of(values, length, inner), longs(k));
      for (int lane = 0; lane < inner; lane++) {
        int at = lane;
        Comparator<Integer> byValue =
            (a, b) -> Float.compare(values[a * inner + at], values[b * inner + at]);
        List<Integer> expected =
            IntStream.range(0, length)
                .boxed()
                .sorted(largest ? byValue.reversed() : byValue)
                .limit(k)
                .toList();
        for (int i = 0; i < k; i++) {
          int place = numbers(outputs.get(1))[i * inner + lane];
          assertThat(place).as("seed %d, rank %d", seed, i).isEqualTo(expected.get(i));
          assertThat(read((Tensor) outputs.get(0))[i * inner + lane])
              .isEqualTo(Float.valueOf(values[place * inner + lane]));
        }
      }
    }
  }

  @Test
  void topKTakesZerosOfBothSignsForEqual() {
    var outputs = OneOperator.of("TopK", 1).with("k", 3L).outputs(2).all(floats(-0f, 0f, -1f));
    assertThat(numbers(outputs.get(1))).containsExactly(0, 1, 2);
  }

  @Test
  void topKOrdersUnsignedLongsByTheirValue() {
    Tensor values = Tensor.wrap(ElementType.UINT64, new long[] {5, -1, 7}, 0, 3);
    var outputs = OneOperator.of("TopK", 11).outputs(2).all(values, longs(2));
    assertThat(numbers(outputs.get(1))).containsExactly(1, 2);
  }

  @Test
  void topKRefusesMoreThanThereAre() {
    assertThatThrownBy(() -> OneOperator.of("TopK", 11).outputs(2).all(floats(1, 2), longs(3)))
        .hasMessage("TopK 'it': k is 3 for an axis of 2");
  }

  @Test
  void uniqueSortsOrKeepsTheOrder() {
    Tensor input = Tensor.of(new float[] {2, 1, 1, 3, 4, 3}, 6);
    var unsorted = OneOperator.of("Unique", 11).with("sorted", 0L).outputs(4).all(input);
    assertThat(unsorted.stream().map(PicksTest::numbers).map(Arrays::toString))
        .containsExactly("[2, 1, 3, 4]", "[0, 1, 3, 4]", "[0, 1, 1, 2, 3, 2]", "[1, 2, 2, 1]");
    var sorted = OneOperator.of("Unique", 11).outputs(4).all(input);
    assertThat(sorted.stream().map(PicksTest::numbers).map(Arrays::toString))
        .containsExactly("[1, 2, 3, 4]", "[1, 0, 3, 4]", "[1, 0, 0, 2, 3, 2]", "[2, 1, 2, 1]");
  }

  @Test
  void uniqueComparesSlicesAlongAnAxis() {
    Tensor input = Tensor.of(new long[] {2, 1, 2, 0, 5, 0}, 2, 3);
    var outputs = OneOperator.of("Unique", 11).with("axis", 1L).outputs(4).all(input);
    assertThat(outputs.stream().map(PicksTest::numbers).map(Arrays::toString))
        .containsExactly("[1, 2, 5, 0]", "[1, 0]", "[1, 0, 1]", "[1, 2]");
  }

  @Test
  void uniqueOrdersTextsByCodePoints() {
    Tensor input = Tensor.of(new String[] {"z", "é", "a", "z"}, 4);
    StringTensor output = (StringTensor) OneOperator.of("Unique", 11).run(input);
    assertThat(output.toArray()).containsExactly("a", "z", "é");
  }
}
