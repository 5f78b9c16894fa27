package io.sparkonnx.engine.op.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparkonnx.engine.op.math.Numbers;
import io.sparkonnx.engine.op.tensor.ResizeOracle.Ratio;
import io.sparkonnx.engine.op.tensor.ResizeOracle.Setting;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Resize of random shapes and attributes against the specification; failures print the seed. */
class ResizeOracleTest {
  private static final int CASES = 400;
  private static final List<String> PLACES =
      List.of(
          "half_pixel",
          "half_pixel_symmetric",
          "pytorch_half_pixel",
          "align_corners",
          "asymmetric",
          "tf_half_pixel_for_nn",
          "tf_crop_and_resize");
  private static final List<String> NEAREST =
      List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil");

  /** Random choices of one case. */
  private static final class Case {
    private final Random random;
    private final int[] from;
    private final int[] to;
    private final Ratio[] scales;
    private final boolean bySizes;
    private final Setting setting;

    Case(String mode, long seed) {
      random = new Random(seed);
      int rank = 1 + random.nextInt(4);
      from = random.ints(rank, 1, rank > 2 ? 5 : 9).toArray();
      to = new int[rank];
      scales = new Ratio[rank];
      bySizes = random.nextBoolean();
      for (int axis = 0; axis < rank; axis++) {
        if (random.nextInt(4) == 0) {
          to[axis] = from[axis];
          scales[axis] = new Ratio(1, 1);
        } else if (bySizes) {
          to[axis] = 1 + random.nextInt(7);
          scales[axis] = new Ratio(to[axis], from[axis]);
        } else {
          int quarters = 1 + random.nextInt(12);
          scales[axis] = new Ratio(quarters, 4);
          to[axis] = from[axis] * quarters / 4;
        }
      }
      boolean nearest = mode.equals("nearest");
      int start = random.nextInt(4) - 1;
      setting =
          new Setting(
              mode,
              PLACES.get(random.nextInt(PLACES.size())),
              NEAREST.get(random.nextInt(NEAREST.size())),
              random.nextBoolean() ? -0.5 : -0.75,
              !nearest && random.nextBoolean(),
              !nearest && random.nextBoolean(),
              new int[] {start, start + 1 + random.nextInt(5)},
              2.5);
    }

    /**
     * Axes with scale 1 that a crop or a place between elements would change are not the spec's.
     */
    boolean isSpecified() {
      boolean stays = Arrays.stream(scales).anyMatch(scale -> scale.n() == scale.d());
      boolean whole = setting.quarters()[0] == 0 && setting.quarters()[1] == 4;
      return !(stays && setting.place().equals("tf_half_pixel_for_nn"))
          && !(stays && setting.place().equals("tf_crop_and_resize") && !whole);
    }

    OneOperator operator() {
      return OneOperator.of("Resize", 19)
          .with("mode", setting.mode())
          .with("coordinate_transformation_mode", setting.place())
          .with("nearest_mode", setting.nearest())
          .with("cubic_coeff_a", (float) setting.cubic())
          .with("exclude_outside", setting.excludeOutside() ? 1L : 0L)
          .with("antialias", setting.antialias() ? 1L : 0L)
          .with("extrapolation_value", (float) setting.extrapolation());
    }

    Tensor run(Tensor x) {
      int rank = from.length;
      float[] roi = new float[2 * rank];
      for (int axis = 0; axis < rank; axis++) {
        roi[axis] = setting.quarters()[0] / 4f;
        roi[rank + axis] = setting.quarters()[1] / 4f;
      }
      long[] sizes = IntStream.of(to).asLongStream().toArray();
      float[] factors = new float[rank];
      for (int axis = 0; axis < rank; axis++) {
        factors[axis] = (float) scales[axis].value();
      }
      return operator()
          .run(
              x,
              Tensor.of(roi, 2 * rank),
              bySizes ? null : Tensor.of(factors, rank),
              bySizes ? Tensor.of(sizes, rank) : null);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nearest", "linear", "cubic"})
  void agreesWithTheSpecification(String mode) {
    int compared = 0;
    for (int seed = 0; compared < CASES; seed++) {
      Case random = new Case(mode, seed);
      if (!random.isSpecified()) {
        continue;
      }
      compared++;
      ElementType type = seed % 3 == 0 ? ElementType.DOUBLE : ElementType.FLOAT;
      Tensor floats = Numbers.random(seed, random.from);
      Tensor x = Numbers.of(type, random.from, Numbers.read(floats));
      Tensor y = random.run(x);
      double[] expected =
          ResizeOracle.resize(
              Numbers.read(x), random.from, random.to, random.scales, random.setting);
      String what = "seed " + seed + ", " + Arrays.toString(random.from) + ", " + random.setting;
      assertThat(y.dims()).as(what).containsExactly(random.to);
      for (int i = 0; i < expected.length; i++) {
        assertThat(y.doubleAt(i))
            .as("%s, element %d", what, i)
            .isCloseTo(expected[i], within(mode.equals("nearest") ? 0 : 1e-5));
      }
    }
  }
}
