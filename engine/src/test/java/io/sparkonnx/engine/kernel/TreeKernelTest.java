package io.sparkonnx.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.kernel.TreeEnsemble.Mode;
import io.sparkonnx.engine.kernel.scalar.ScalarTree;
import io.sparkonnx.engine.kernel.simd.SimdTree;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TreeKernelTest {
  private static final Mode[] ORDERED = {Mode.LEQ, Mode.LT, Mode.GTE, Mode.GT};

  private static float[] features(Random random, int count, double special) {
    float[] specials = {
      Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, 0f, Float.MIN_VALUE
    };
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] =
          random.nextDouble() < special
              ? specials[random.nextInt(specials.length)]
              : (float) Math.round(random.nextGaussian() * 8) / 8;
    }
    return x;
  }

  private static float[] run(
      TreeKernel kernel, TreeEnsemble ensemble, float[] x, int rows, boolean featureMajor) {
    float[] y = new float[rows * ensemble.targets() + 6];
    Arrays.fill(y, 77f);
    int stride = featureMajor ? rows : ensemble.features();
    kernel.run(kernel.pack(ensemble), rows, x, 0, stride, featureMajor, y, 3, new Scratch());
    assertThat(y).startsWith(77f, 77f, 77f).endsWith(77f, 77f, 77f);
    return Arrays.copyOfRange(y, 3, y.length - 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 15, 16, 17, 208, 1031})
  void twinsAgreeToTheBitForAnyNumberOfRows(int rows) {
    Random random = new Random(rows);
    TreeEnsemble trees = RandomTrees.ensemble(random, 23, 9, 0.8, 11, 3, Aggregation.SUM, ORDERED);
    float[] x = features(random, rows * 11, 0.02);
    assertThat(run(new SimdTree(), trees, x, rows, false))
        .isEqualTo(run(new ScalarTree(), trees, x, rows, false));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 64, 65, 300_000})
  void twinsAgreeForAnyNumberOfFeatures(int features) {
    Random random = new Random(features);
    TreeEnsemble trees =
        RandomTrees.ensemble(random, 5, 6, 0.9, features, 2, Aggregation.SUM, ORDERED);
    float[] x = features(random, 19 * features, 0.001);
    assertThat(run(new SimdTree(), trees, x, 19, false))
        .isEqualTo(run(new ScalarTree(), trees, x, 19, false));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void twinsAgreeForEveryComparison(Mode mode) {
    Random random = new Random(mode.ordinal());
    Mode[] modes = {mode == Mode.LEAF ? Mode.LEQ : mode};
    TreeEnsemble trees = RandomTrees.ensemble(random, 9, 6, 0.9, 5, 1, Aggregation.AVERAGE, modes);
    float[] x = features(random, 300 * 5, 0.1);
    assertThat(run(new SimdTree(), trees, x, 300, false))
        .isEqualTo(run(new ScalarTree(), trees, x, 300, false));
  }

  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void twinsAgreeForEveryAggregation(Aggregation aggregation) {
    Random random = new Random(aggregation.ordinal());
    TreeEnsemble trees = RandomTrees.ensemble(random, 9, 6, 0.7, 5, 2, aggregation, ORDERED);
    float[] x = features(random, 100 * 5, 0);
    assertThat(run(new SimdTree(), trees, x, 100, false))
        .isEqualTo(run(new ScalarTree(), trees, x, 100, false));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 30, 31, 32, 33, 70})
  void twinsAgreeForAChainOfBranches(int branches) {
    Random random = new Random(branches);
    TreeEnsemble chain = RandomTrees.chain(random, branches, 5, Aggregation.SUM, ORDERED);
    float[] x = features(random, 90 * 5, 0.05);
    assertThat(run(new SimdTree(), chain, x, 90, false))
        .isEqualTo(run(new ScalarTree(), chain, x, 90, false));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 10, 13})
  void twinsAgreeForFullTreesOfAnyDepth(int depth) {
    Random random = new Random(depth);
    TreeEnsemble trees = RandomTrees.ensemble(random, 7, depth, 1, 5, 1, Aggregation.SUM, ORDERED);
    float[] x = features(random, 90 * 5, 0.01);
    assertThat(run(new SimdTree(), trees, x, 90, false))
        .isEqualTo(run(new ScalarTree(), trees, x, 90, false));
  }

  @ParameterizedTest
  @ValueSource(
      floats = {
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.NaN,
        0f,
        -0f,
        Float.MIN_VALUE
      })
  void twinsAgreeWhereValuesMeetAThreshold(float threshold) {
    Random random = new Random(3);
    TreeEnsemble trees = RandomTrees.ensemble(random, 12, 7, 0.9, 5, 1, Aggregation.SUM, ORDERED);
    for (int node = 0; node < trees.threshold().length; node += 3) {
      trees.threshold()[node] = threshold;
    }
    float[] x = features(random, 400 * 5, 0.2);
    for (int i = 0; i < x.length; i += 7) {
      x[i] = i % 2 == 0 ? threshold : -threshold;
    }
    assertThat(run(new SimdTree(), trees, x, 400, false))
        .isEqualTo(run(new ScalarTree(), trees, x, 400, false));
  }

  @Test
  void twinsAgreeForNegativeNan() {
    Random random = new Random(8);
    TreeEnsemble trees = RandomTrees.ensemble(random, 20, 9, 0.95, 4, 1, Aggregation.SUM, ORDERED);
    float[] x = features(random, 70 * 4, 0);
    for (int i = 0; i < x.length; i += 12) {
      x[i] = Float.intBitsToFloat(0xFFC00000);
    }
    assertThat(run(new SimdTree(), trees, x, 70, false))
        .isEqualTo(run(new ScalarTree(), trees, x, 70, false));
  }

  @Test
  void columnsGiveTheSameAsRows() {
    Random random = new Random(5);
    TreeEnsemble trees = RandomTrees.ensemble(random, 9, 6, 0.9, 5, 1, Aggregation.SUM, ORDERED);
    float[] byRow = features(random, 100 * 5, 0.05);
    float[] byColumn = new float[byRow.length];
    for (int i = 0; i < byRow.length; i++) {
      byColumn[i % 5 * 100 + i / 5] = byRow[i];
    }
    float[] expected = run(new ScalarTree(), trees, byRow, 100, false);
    assertThat(run(new SimdTree(), trees, byColumn, 100, true)).isEqualTo(expected);
    assertThat(run(new ScalarTree(), trees, byColumn, 100, true)).isEqualTo(expected);
  }

  @Test
  void aTreeOfOneLeafGivesItsWeight() {
    Random random = new Random(6);
    TreeEnsemble leaf = RandomTrees.ensemble(random, 1, 0, 1, 4, 1, Aggregation.SUM, ORDERED);
    float base = leaf.baseValues() == null ? 0f : leaf.baseValues()[0];
    assertThat(run(new SimdTree(), leaf, new float[8], 2, false))
        .containsOnly(leaf.leafWeight()[0] + base);
  }

  @Test
  void aRowScoresTheSameAloneAndAmongOthers() {
    Random random = new Random(7);
    TreeEnsemble trees = RandomTrees.ensemble(random, 50, 8, 0.9, 6, 2, Aggregation.SUM, ORDERED);
    float[] x = features(random, 700 * 6, 0.01);
    float[] all = run(new SimdTree(), trees, x, 700, false);
    for (int row = 0; row < 700; row += 13) {
      float[] one =
          run(new SimdTree(), trees, Arrays.copyOfRange(x, row * 6, row * 6 + 6), 1, false);
      assertThat(one).as("row %d", row).containsExactly(all[2 * row], all[2 * row + 1]);
    }
  }
}
