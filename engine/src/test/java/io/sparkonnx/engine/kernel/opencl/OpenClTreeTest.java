package io.sparkonnx.engine.kernel.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.kernel.RandomTrees;
import io.sparkonnx.engine.kernel.Scratch;
import io.sparkonnx.engine.kernel.TreeEnsemble;
import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.kernel.TreeEnsemble.Mode;
import io.sparkonnx.engine.kernel.scalar.ScalarTree;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees on the device against the scalar ones, bit by bit. */
class OpenClTreeTest {
  private static final Mode[] ALL = {Mode.LEQ, Mode.LT, Mode.GTE, Mode.GT, Mode.EQ, Mode.NEQ};

  private static DeviceTwins on;

  @BeforeAll
  static void open() {
    on = new DeviceTwins();
  }

  @AfterAll
  static void close() {
    if (on != null) {
      on.close();
    }
  }

  private static float[] features(Random random, int count) {
    float[] specials = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, 0f};
    float[] x = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] =
          random.nextInt(10) == 0
              ? specials[random.nextInt(specials.length)]
              : (float) Math.round(random.nextGaussian() * 8) / 8;
    }
    return x;
  }

  private static void compare(TreeEnsemble trees, float[] x, int rows, boolean byColumns) {
    int stride = byColumns ? rows : trees.features();
    float[] expected = new float[rows * trees.targets()];
    ScalarTree scalar = new ScalarTree();
    scalar.run(scalar.pack(trees), rows, x, 0, stride, byColumns, expected, 0, new Scratch());
    DeviceArray y = on.empty(expected.length);
    score(trees, on.up(x), rows, byColumns, y);
    on.assertBits(y, expected, rows + " rows, " + trees.aggregation());
  }

  private static void score(
      TreeEnsemble trees, DeviceArray x, int rows, boolean byColumns, DeviceArray y) {
    TreeKernels.Packing packing = TreeKernels.packing(trees);
    TreeKernels.run(
        on.queue,
        packing,
        on.up(TreeKernels.pack(trees, packing)),
        rows,
        x,
        byColumns ? 1 : trees.features(),
        byColumns ? rows : 1,
        y,
        on::empty);
  }

  private static TreeEnsemble withBases(TreeEnsemble trees, float... bases) {
    return new TreeEnsemble(
        trees.features(),
        trees.targets(),
        trees.roots(),
        trees.mode(),
        trees.feature(),
        trees.threshold(),
        trees.yes(),
        trees.no(),
        trees.missingGoesYes(),
        trees.leafBegin(),
        trees.leafTarget(),
        trees.leafWeight(),
        trees.aggregation(),
        bases);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 63, 64, 65, 1031})
  void anyNumberOfRowsBothWaysRound(int rows) {
    Random random = new Random(rows);
    TreeEnsemble trees = RandomTrees.ensemble(random, 23, 9, 0.8, 11, 3, Aggregation.SUM, ALL);
    float[] x = features(random, rows * 11);
    compare(trees, x, rows, false);
    compare(trees, x, rows, true);
  }

  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void everyAggregationOfOneTargetAndOfSeveralWithBaseValues(Aggregation aggregation) {
    Random random = new Random(aggregation.ordinal());
    for (int targets : new int[] {1, 4}) {
      TreeEnsemble trees =
          RandomTrees.ensemble(random, 9, 6, 0.7, 5, targets, aggregation, Mode.LEQ, Mode.GT);
      float[] x = features(random, 200 * 5);
      compare(trees, x, 200, false);
      compare(
          withBases(trees, Arrays.copyOf(new float[] {0.3f, -1e9f, 7f, 0f}, targets)),
          x,
          200,
          false);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void everyComparisonWhereValuesMeetTheThreshold(Mode mode) {
    Random random = new Random(mode.ordinal());
    Mode[] modes = {mode == Mode.LEAF ? Mode.LEQ : mode};
    TreeEnsemble trees = RandomTrees.ensemble(random, 9, 6, 0.9, 5, 1, Aggregation.SUM, modes);
    float[] extremes = {Float.NaN, Float.POSITIVE_INFINITY, -Float.MAX_VALUE, 0f, -0f};
    for (int node = 0; node < trees.threshold().length; node += 2) {
      trees.threshold()[node] = extremes[random.nextInt(extremes.length)];
    }
    compare(trees, features(random, 300 * 5), 300, false);
  }

  @Test
  void treesThatAreLeavesAlone() {
    Random random = new Random(1);
    TreeEnsemble trees = RandomTrees.ensemble(random, 7, 0, 1, 2, 3, Aggregation.AVERAGE, Mode.LT);
    compare(trees, features(random, 20), 10, false);
  }

  @Test
  void aLongChainOfBranches() {
    Random random = new Random(2);
    TreeEnsemble chain = RandomTrees.chain(random, 3000, 5, Aggregation.SUM, ALL);
    compare(chain, features(random, 90 * 5), 90, false);
  }

  @Test
  void noRowsAreNoWork() {
    TreeEnsemble trees =
        RandomTrees.ensemble(new Random(3), 3, 3, 1, 2, 1, Aggregation.SUM, Mode.LT);
    DeviceArray y = on.empty(1);
    score(trees, on.empty(0), 0, false, y);
    on.assertBits(y, new float[1], "no rows");
  }

  @Test
  void treesThatTheirBitsCannotHoldAreLeftAlone() {
    TreeEnsemble trees =
        RandomTrees.ensemble(new Random(4), 1, 1, 1, 1 << 27, 1, Aggregation.SUM, Mode.LT);
    assertThat(TreeKernels.packing(trees)).isNull();
  }
}
