package io.sparkonnx.engine.op.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeRegressorTest {
  private static final Tensor ROWS = MlNode.column(0.25, 0.5, 0.75);

  @ParameterizedTest
  @CsvSource({
    "LEQ, 1, 1, 0",
    "LT, 1, 0, 0",
    "GTE, 0, 1, 1",
    "GT, 0, 0, 1",
    "EQ, 0, 1, 0",
    "NEQ, 1, 0, 1"
  })
  void everyComparisonIsStrictOrNotAsItsNameSays(String mode, float below, float at, float above) {
    MlNode node =
        Trees.ofTargets().tree().branch(mode, 0, 0.5, 1, 2).leaf(0, 1).leaf(0, 0).regressor(1);
    assertThat(node.floats(ROWS)).containsExactly(below, at, above);
  }

  @ParameterizedTest
  @CsvSource({"LEQ, false, 0", "LEQ, true, 1", "GT, false, 0", "GT, true, 1", "EQ, true, 1"})
  void nanGoesWhereMissingValuesGo(String mode, boolean yes, float expected) {
    MlNode node =
        Trees.ofTargets().tree().branch(mode, 0, 0.5, 1, 2, yes).leaf(0, 1).leaf(0, 0).regressor(1);
    assertThat(node.floats(MlNode.column(Double.NaN))).containsExactly(expected);
  }

  @Test
  void nanIsNotEqualSoItPassesNeq() {
    MlNode node =
        Trees.ofTargets().tree().branch("NEQ", 0, 0.5, 1, 2).leaf(0, 1).leaf(0, 0).regressor(1);
    assertThat(node.floats(MlNode.column(Double.NaN))).containsExactly(1f);
  }

  @ParameterizedTest
  @CsvSource({"SUM, -0.5, 1", "AVERAGE, -0.25, 0.5", "MIN, -0.75, 0.25", "MAX, 0.25, 0.75"})
  void treesCombineAsSaid(String function, float first, float last) {
    MlNode node =
        Trees.ofTargets()
            .stump(0, 0.25, 0.75)
            .stump(0, -0.75, 0.25)
            .regressor(1)
            .with("aggregate_function", function);
    assertThat(node.floats(MlNode.column(0.2, 0.8))).containsExactly(first, last);
    node.reals("base_values", 0.5);
    assertThat(node.floats(MlNode.column(0.2, 0.8))).containsExactly(first + 0.5f, last + 0.5f);
  }

  @Test
  void aTargetWithoutWeightsIsItsBaseValue() {
    MlNode node =
        Trees.ofTargets()
            .stump(1, -1, 2)
            .regressor(3)
            .with("aggregate_function", "MIN")
            .reals("base_values", 0.5, 0.25, -4);
    assertThat(node.floats(MlNode.column(0))).containsExactly(0.5f, -0.75f, -4f);
  }

  @Test
  void aLeafMayHaveManyWeightsForOneTarget() {
    MlNode node = Trees.ofTargets().tree().leaf(0, 0.25).vote(0, 0.5).vote(1, 2).regressor(2);
    assertThat(node.floats(MlNode.column(1))).containsExactly(0.75f, 2f);
  }

  @Test
  void aSingleTargetIsOnlyChangedByProbit() {
    Trees trees = Trees.ofTargets().stump(0, 0.25, 0.75);
    assertThat(trees.regressor(1).with("post_transform", "LOGISTIC").floats(ROWS))
        .containsExactly(0.25f, 0.25f, 0.75f);
    assertThat(trees.regressor(1).with("post_transform", "PROBIT").floats(ROWS))
        .usingComparatorWithPrecision(1e-3f)
        .containsExactly(-0.6745f, -0.6745f, 0.6745f);
  }

  @Test
  void aSingleLeafIsATree() {
    MlNode node = Trees.ofTargets().tree().leaf(0, 1.5).tree().leaf(0, -1).regressor(1);
    assertThat(node.floats(MlNode.matrix(2, 1, 2, 3, 4))).containsExactly(0.5f, 0.5f);
  }

  @Test
  void aChainOfThirtyBranchesIsWalkedToItsEnd() {
    Trees trees = Trees.ofTargets().tree();
    for (int i = 0; i < 30; i++) {
      trees.branch("GT", i % 2, i, 2L * i + 2, 2L * i + 1).leaf(0, i);
    }
    MlNode node = trees.leaf(0, 30).regressor(1);
    assertThat(node.floats(MlNode.matrix(2, -1, -1, 10.5, 10.5, 10.5, 99, 99, 99)))
        .containsExactly(0f, 11f, 12f, 30f);
  }

  @Test
  void aThousandTreesAddUp() {
    Trees trees = Trees.ofTargets();
    for (int i = 0; i < 1000; i++) {
      trees.stump(0, 1, 2);
    }
    assertThat(trees.regressor(1).floats(MlNode.column(0, 1))).containsExactly(1000f, 2000f);
  }

  @Test
  void doublesAreNotRoundedBeforeTheComparison() {
    double threshold = 0.1;
    MlNode node =
        Trees.ofTargets()
            .stump(0, 1, 2)
            .regressor(1)
            .with("nodes_values_as_tensor", Tensor.of(new double[] {threshold, 0, 0}, 3));
    double[] x = {threshold, Math.nextUp(threshold), Math.nextDown(threshold)};
    assertThat(node.floats(Tensor.of(x, 3, 1))).containsExactly(1f, 2f, 1f);
  }

  @Test
  void doubleWeightsAreRoundedAfterTheSum() {
    MlNode node =
        Trees.ofTargets()
            .tree()
            .leaf(0, 0)
            .tree()
            .leaf(0, 0)
            .regressor(1)
            .with("target_weights_as_tensor", Tensor.of(new double[] {1e9, 1 - 1e9}, 2));
    assertThat(node.floats(MlNode.column(0))).containsExactly(1f);
  }

  @Test
  void oneDimensionIsOneRow() {
    MlNode node = Trees.ofTargets().stump(0, 1, 2).regressor(1);
    Tensor y = (Tensor) node.run(Tensor.of(new float[] {0.7f, 3f}, 2));
    assertThat(y.dims()).containsExactly(1, 1);
    assertThat(y.doubleAt(0)).isEqualTo(2);
  }

  @Test
  void noRowsGiveNoRows() {
    MlNode node = Trees.ofTargets().stump(0, 1, 2).regressor(1);
    assertThat(((Tensor) node.run(MlNode.matrix(3))).dims()).containsExactly(0, 1);
  }

  @Test
  void theShapeFollowsTheRows() {
    MlNode node = Trees.ofTargets().stump(1, 1, 2).regressor(3);
    ValueInfo x =
        ValueInfo.of(
            io.sparkonnx.engine.tensor.ElementType.INT64, Shape.of(Dim.symbol("n"), Dim.of(4)));
    assertThat(node.infer(x).get(0).type()).hasToString("float [n, 3]");
  }

  @Test
  void aFeatureBeyondTheColumnsIsAnError() {
    MlNode node =
        Trees.ofTargets().tree().branch("LT", 6, 0, 1, 2).leaf(0, 1).leaf(0, 2).regressor(1);
    assertThatThrownBy(() -> node.run(MlNode.matrix(4, 1, 2, 3, 4)))
        .hasMessage("TreeEnsembleRegressor 'it': feature 6 is tested but X has 4 columns");
  }
}
