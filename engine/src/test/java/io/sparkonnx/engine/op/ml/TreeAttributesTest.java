package io.sparkonnx.engine.op.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** What is wrong with lists of trees is said when a model is loaded. */
class TreeAttributesTest {
  private static AbstractThrowableAssert<?, ? extends Throwable> refused(MlNode node) {
    return assertThatThrownBy(node::operator).isInstanceOf(io.sparkonnx.engine.OnnxException.class);
  }

  private static Trees stump() {
    return Trees.ofTargets().stump(0, 1, 2);
  }

  @Test
  void listsOfDifferentLengths() {
    refused(stump().regressor(1).reals("nodes_values", 0.5))
        .hasMessage(
            "TreeEnsembleRegressor 'it': nodes_values has 1 elements but nodes_nodeids has 3");
    refused(stump().regressor(1).reals("target_weights", 1))
        .hasMessage(
            "TreeEnsembleRegressor 'it': target_weights has 1 elements but target_nodeids has 2");
    refused(stump().regressor(1).integers("nodes_missing_value_tracks_true", 1, 0))
        .hasMessageContaining("nodes_missing_value_tracks_true has 2 elements");
  }

  @Test
  void missingTracksMayBeLeftOut() {
    MlNode node = stump().regressor(1).integers("nodes_missing_value_tracks_true");
    assertThat(node.floats(MlNode.column(Double.NaN))).containsExactly(2f);
  }

  @Test
  void aChildThatIsNotThere() {
    refused(Trees.ofTargets().tree().branch("LEQ", 0, 1, 1, 7).leaf(0, 1).regressor(1))
        .hasMessage(
            "TreeEnsembleRegressor 'it': node 0 of tree 0 leads to node 7 of tree 0, which is not"
                + " listed");
  }

  @Test
  void aNodeListedTwice() {
    refused(stump().regressor(1).integers("nodes_nodeids", 0, 1, 1))
        .hasMessage("TreeEnsembleRegressor 'it': node 1 of tree 0 is listed twice");
  }

  @Test
  void aSharedNode() {
    refused(Trees.ofTargets().tree().branch("LEQ", 0, 1, 1, 1).leaf(0, 1).regressor(1))
        .hasMessage("TreeEnsembleRegressor 'it': node 1 of tree 0 is reached twice");
  }

  @Test
  void aCycle() {
    refused(
            Trees.ofTargets()
                .tree()
                .branch("LEQ", 0, 1, 1, 3)
                .branch("LEQ", 0, 2, 2, 4)
                .branch("LEQ", 0, 3, 1, 5)
                .leaf(0, 1)
                .leaf(0, 2)
                .leaf(0, 3)
                .regressor(1))
        .hasMessage("TreeEnsembleRegressor 'it': node 1 of tree 0 is reached twice");
    refused(
            Trees.ofTargets()
                .tree()
                .branch("LEQ", 0, 1, 1, 1)
                .branch("LEQ", 0, 2, 0, 0)
                .regressor(1))
        .hasMessage("TreeEnsembleRegressor 'it': tree 0 has no root: its nodes form a cycle");
  }

  @Test
  void aNegativeFeature() {
    refused(Trees.ofTargets().tree().branch("LEQ", -3, 1, 1, 2).leaf(0, 1).leaf().regressor(1))
        .hasMessage("TreeEnsembleRegressor 'it': node 0 of tree 0 tests feature -3");
  }

  @Test
  void aTargetOutOfRange() {
    refused(Trees.ofTargets().stump(2, 1, 2).regressor(2))
        .hasMessage("TreeEnsembleRegressor 'it': target weight 0 is for target 2 of 2");
    refused(Trees.ofClasses().stump(-1, 1, 2).classifier(1, 2))
        .hasMessage("TreeEnsembleClassifier 'it': class weight 0 is for target -1 of 2");
  }

  @Test
  void aWeightForANodeThatIsNotThere() {
    refused(stump().regressor(1).integers("target_nodeids", 1, 9))
        .hasMessage(
            "TreeEnsembleRegressor 'it': target weight 1 is for node 9 of tree 0, which is not"
                + " listed");
  }

  @Test
  void unknownNames() {
    refused(stump().regressor(1).strings("nodes_modes", "BRANCH_LEQ", "LEAF", "TWIG"))
        .hasMessage("TreeEnsembleRegressor 'it': nodes_modes has 'TWIG'");
    refused(stump().regressor(1).with("aggregate_function", "MEDIAN"))
        .hasMessageEndingWith("aggregate_function is 'MEDIAN', expected SUM, AVERAGE, MIN or MAX");
    refused(stump().regressor(1).with("post_transform", "TANH"))
        .hasMessageContaining("post_transform is 'TANH'");
  }

  @Test
  void baseValuesThatDoNotFit() {
    refused(stump().regressor(1).reals("base_values", 1, 2))
        .hasMessage("TreeEnsembleRegressor 'it': base_values has 2 elements for 1 targets");
  }

  @Test
  void treesMayBeListedInPieces() {
    MlNode node =
        MlNode.of("TreeEnsembleRegressor")
            .with("n_targets", 1L)
            .integers("nodes_treeids", 4, 2, 4, 2, 4, 2)
            .integers("nodes_nodeids", 9, 0, 5, 2, 7, 1)
            .integers("nodes_featureids", 0, 0, 0, 0, 0, 0)
            .integers("nodes_truenodeids", 5, 1, 0, 0, 0, 0)
            .integers("nodes_falsenodeids", 7, 2, 0, 0, 0, 0)
            .strings("nodes_modes", "BRANCH_LEQ", "BRANCH_LT", "LEAF", "LEAF", "LEAF", "LEAF")
            .reals("nodes_values", 0.5, 0.25, 0, 0, 0, 0)
            .integers("target_treeids", 4, 4, 2, 2)
            .integers("target_nodeids", 5, 7, 1, 2)
            .integers("target_ids", 0, 0, 0, 0)
            .reals("target_weights", 10, 20, 1, 2);
    assertThat(node.floats(MlNode.column(0, 0.3, 0.6))).containsExactly(11f, 12f, 22f);
  }

  @Test
  void nodesThatNoRootReachesAreLeftOut() {
    MlNode node =
        Trees.ofTargets()
            .tree()
            .branch("LEQ", 0, 0.5, 1, 2)
            .leaf(0, 1)
            .leaf(0, 2)
            .branch("LEQ", 5000, 0, 4, 4)
            .leaf(0, 3)
            .regressor(1);
    assertThat(node.floats(MlNode.column(0, 1))).containsExactly(1f, 2f);
  }
}
