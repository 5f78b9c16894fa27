package io.sparkonnx.engine.op.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.op.HalfPrecision;
import io.sparkonnx.engine.tensor.DoubleTensor;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.NarrowTypes;
import io.sparkonnx.engine.tensor.Tensor;
import org.junit.jupiter.api.Test;

class TreeEnsembleTest {
  /** x0 ≤ 0.5 ? leaf 0 : leaf 1. */
  private static MlNode stump() {
    return MlNode.of("TreeEnsemble", 5)
        .integers("tree_roots", 0)
        .with("nodes_modes", Tensor.wrap(ElementType.UINT8, new byte[] {0}, 0, 1))
        .with("nodes_splits", Tensor.of(new float[] {0.5f}, 1))
        .integers("nodes_featureids", 0)
        .integers("nodes_truenodeids", 0)
        .integers("nodes_falsenodeids", 1)
        .integers("nodes_trueleafs", 1)
        .integers("nodes_falseleafs", 1)
        .integers("leaf_targetids", 0, 0)
        .with("leaf_weights", Tensor.of(new float[] {0.25f, 0.75f}, 2));
  }

  @Test
  void floatsGiveFloats() {
    assertThat(stump().floats(MlNode.column(0.5, 0.6, Double.NaN)))
        .containsExactly(0.25f, 0.75f, 0.75f);
  }

  @Test
  void doublesGiveDoubles() {
    Tensor x = Tensor.of(new double[] {0.5, Math.nextUp(0.5)}, 2, 1);
    assertThat(((DoubleTensor) stump().run(x)).toArray()).containsExactly(0.25, 0.75);
  }

  @Test
  void halvesGiveHalves() {
    short[] bits = {NarrowTypes.floatToHalf(0.5f), NarrowTypes.floatToHalf(2f)};
    Tensor y = (Tensor) stump().run(Tensor.wrap(ElementType.FLOAT16, bits, 0, 2, 1));
    assertThat(HalfPrecision.widen(y).toArray()).containsExactly(0.25f, 0.75f);
  }

  @Test
  void aRootWithBothSidesAtOneLeafIsALeaf() {
    MlNode node = stump().integers("nodes_falsenodeids", 0);
    assertThat(node.floats(MlNode.column(0, 1))).containsExactly(0.25f, 0.25f);
  }

  @Test
  void transformsAreNumbered() {
    MlNode node = stump().with("post_transform", 2L);
    assertThat(node.floats(MlNode.column(0)))
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(0.5621765f);
    assertThat(node.with("post_transform", 1L).floats(MlNode.column(0))).containsExactly(1f);
  }

  @Test
  void missingValuesMayGoToTheTrueSide() {
    MlNode node = stump().integers("nodes_missing_value_tracks_true", 1);
    assertThat(node.floats(MlNode.column(Double.NaN))).containsExactly(0.25f);
  }

  /** x0 in {1, 4} ? (x0 in {} ? leaf 0 : leaf 1) : leaf 2. */
  private static MlNode membership() {
    float nan = Float.NaN;
    return MlNode.of("TreeEnsemble", 5)
        .integers("tree_roots", 0)
        .with("nodes_modes", Tensor.wrap(ElementType.UINT8, new byte[] {6, 6}, 0, 2))
        .with("nodes_splits", Tensor.of(new float[2], 2))
        .with("membership_values", Tensor.of(new float[] {1, 4, nan, nan}, 4))
        .integers("nodes_featureids", 0, 0)
        .integers("nodes_truenodeids", 1, 0)
        .integers("nodes_falsenodeids", 2, 1)
        .integers("nodes_trueleafs", 0, 1)
        .integers("nodes_falseleafs", 1, 1)
        .integers("leaf_targetids", 0, 0, 0)
        .with("leaf_weights", Tensor.of(new float[] {10, 20, 30}, 3));
  }

  @Test
  void membershipHoldsForEveryMember() {
    assertThat(membership().floats(MlNode.column(0, 1, 2, 4, Double.NaN)))
        .containsExactly(30f, 20f, 30f, 20f, 30f);
  }

  @Test
  void missingValuesMayCountAsMembers() {
    MlNode node = membership().integers("nodes_missing_value_tracks_true", 1, 0);
    assertThat(node.floats(MlNode.column(Double.NaN))).containsExactly(20f);
  }

  @Test
  void badListsAreRefused() {
    assertThatThrownBy(() -> stump().integers("tree_roots", 3).operator())
        .hasMessage("TreeEnsemble 'it': tree_roots has 3 but there are 1 nodes");
    assertThatThrownBy(() -> stump().integers("nodes_falsenodeids", 2).operator())
        .hasMessage("TreeEnsemble 'it': node 0 leads to leaf 2 of 2");
    assertThatThrownBy(() -> stump().integers("nodes_falseleafs", 0).operator())
        .hasMessage("TreeEnsemble 'it': node 0 leads to node 1 of 1");
    assertThatThrownBy(
            () ->
                stump()
                    .integers("nodes_falsenodeids", 0)
                    .integers("nodes_falseleafs", 0)
                    .operator())
        .hasMessage("TreeEnsemble 'it': node 0 is reached twice");
    assertThatThrownBy(() -> stump().integers("leaf_targetids", 0, 1).operator())
        .hasMessage("TreeEnsemble 'it': leaf 1 is for target 1 of 1");
    assertThatThrownBy(() -> stump().with("aggregate_function", 4L).operator())
        .hasMessage("TreeEnsemble 'it': aggregate_function is 4, expected 0 to 3");
    assertThatThrownBy(
            () ->
                membership()
                    .with("membership_values", Tensor.of(new float[] {1, Float.NaN}, 2))
                    .operator())
        .hasMessage("TreeEnsemble 'it': node 1 has no set in membership_values");
    assertThatThrownBy(() -> stump().integers("nodes_trueleafs").operator())
        .hasMessage("TreeEnsemble 'it': nodes_trueleafs has 0 elements but nodes_featureids has 1");
  }
}
