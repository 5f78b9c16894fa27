package io.sparkonnx.engine.op.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class TreeClassifierTest {
  private static final Tensor ROWS = MlNode.column(0.2, 0.8);

  private static MlNode binary(int target, double yes, double no, String transform) {
    return Trees.ofClasses()
        .stump(target, yes, no)
        .classifier(7, 9)
        .with("post_transform", transform);
  }

  private static long[] labels(MlNode node) {
    return ((LongTensor) node.all(ROWS).get(0)).toArray();
  }

  private static void assertScores(MlNode node, double... expected) {
    float[] scores = node.scores(ROWS);
    assertThat(scores).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) scores[i]).isEqualTo(expected[i], within(2e-7));
    }
  }

  @Test
  void oneColumnOfPositiveWeightsIsAProbability() {
    MlNode node = binary(0, 0.2, 0.7, "NONE");
    assertThat(labels(node)).containsExactly(7, 9);
    assertScores(node, 0.8, 0.2, 0.3, 0.7);
  }

  @Test
  void aProbabilityOfOneHalfGoesToTheFirstClass() {
    assertThat(labels(binary(0, 0.5, 0.75, "NONE"))).containsExactly(7, 9);
  }

  @Test
  void oneColumnWithANegativeWeightIsAMargin() {
    MlNode node = binary(0, -0.2, 0.7, "NONE");
    assertThat(labels(node)).containsExactly(7, 9);
    assertScores(node, 0.2, -0.2, -0.7, 0.7);
  }

  @Test
  void aSmallPositiveMarginGoesToTheSecondClass() {
    assertThat(labels(binary(0, -0.2, 0.1, "LOGISTIC"))).containsExactly(7, 9);
  }

  @Test
  void logisticGivesBothSidesOfTheSigmoid() {
    assertScores(
        binary(0, -0.2, 0.7, "LOGISTIC"),
        0.5498339533805847,
        0.4501660466194153,
        0.3318122625350952,
        0.6681877374649048);
    assertScores(
        binary(0, 0.2, 0.7, "LOGISTIC"),
        0.4501660466194153,
        0.5498339533805847,
        0.3318122625350952,
        0.6681877374649048);
  }

  @Test
  void softmaxOfOneColumnChangesNothing() {
    assertScores(binary(0, 0.2, 0.7, "SOFTMAX"), 0.8, 0.2, 0.3, 0.7);
    assertScores(binary(0, -0.2, 0.7, "SOFTMAX_ZERO"), 0.2, -0.2, -0.7, 0.7);
  }

  @Test
  void weightsForTheSecondClassStandBesideZero() {
    MlNode none = binary(1, 0.2, 0.7, "NONE");
    assertThat(labels(none)).containsExactly(7, 9);
    assertScores(none, 0, 0.2, 0, 0.7);
    assertScores(
        binary(1, 0.2, 0.7, "SOFTMAX"),
        0.4501659870147705,
        0.5498339533805847,
        0.33181220293045044,
        0.6681877374649048);
    assertScores(binary(1, -0.2, 0.7, "SOFTMAX_ZERO"), 0, 1, 0, 1);
  }

  @Test
  void oneBaseValueIsAddedToTheOneColumn() {
    MlNode node = binary(0, 0.2, 0.7, "LOGISTIC").reals("base_values", 0.1);
    assertScores(
        node, 0.4255574941635132, 0.5744425058364868, 0.31002551317214966, 0.6899744868278503);
  }

  @Test
  void weightsForBothClassesLetTheGreaterWin() {
    MlNode node =
        Trees.ofClasses()
            .tree()
            .branch("LEQ", 0, 0.5, 1, 2)
            .leaf(0, 0.8)
            .vote(1, 0.2)
            .leaf(0, 0.3)
            .vote(1, 0.7)
            .classifier(7, 9);
    assertThat(labels(node)).containsExactly(7, 9);
    assertScores(node, 0.8, 0.2, 0.3, 0.7);
  }

  private static Trees threeClasses() {
    return Trees.ofClasses()
        .tree()
        .branch("LEQ", 0, 0.5, 1, 2)
        .leaf(0, -0.5)
        .vote(1, -0.2)
        .leaf(1, -0.3)
        .vote(2, -0.1);
  }

  @Test
  void aClassWithoutVotesDoesNotWinOverNegativeScores() {
    MlNode node = threeClasses().classifier(4, 5, 6);
    assertThat(labels(node)).containsExactly(5, 6);
    assertScores(node, -0.5, -0.2, 0, 0, -0.3, -0.1);
  }

  @Test
  void aClassWithABaseValueCanWinWithoutVotes() {
    MlNode node = threeClasses().classifier(4, 5, 6).reals("base_values", 0.1, 0.2, 0.3);
    assertThat(labels(node)).containsExactly(6, 6);
    assertScores(node, -0.4, 0, 0.3, 0.1, -0.1, 0.2);
  }

  @Test
  void softmaxOverThreeClasses() {
    assertScores(
        threeClasses().classifier(4, 5, 6).with("post_transform", "SOFTMAX"),
        0.25008878111839294,
        0.337584525346756,
        0.4123266637325287,
        0.3779781460762024,
        0.2800130844116211,
        0.3420087695121765);
  }

  @Test
  void equalScoresGoToTheFirstClass() {
    MlNode node =
        Trees.ofClasses().tree().leaf(0, 0.25).vote(1, 0.5).vote(2, 0.5).classifier(4, 5, 6);
    assertThat(labels(node)).containsExactly(5, 5);
  }

  @Test
  void labelsMayBeStrings() {
    MlNode node =
        Trees.ofClasses()
            .stump(0, 0.2, 0.7)
            .into(MlNode.classifier("TreeEnsembleClassifier"))
            .strings("classlabels_strings", "nein", "jä");
    assertThat(((StringTensor) node.all(ROWS).get(0)).toArray()).containsExactly("nein", "jä");
  }

  @Test
  void labelsMustBeGiven() {
    MlNode node = Trees.ofClasses().stump(0, 1, 2).into(MlNode.of("TreeEnsembleClassifier"));
    assertThatThrownBy(node::operator)
        .hasMessage(
            "TreeEnsembleClassifier 'it': neither classlabels_int64s nor classlabels_strings is"
                + " given");
  }

  @Test
  void integersAreComparedAsFloats() {
    MlNode node = Trees.ofClasses().stump(0, 0.2, 0.7).classifier(0, 1);
    Tensor longs = Tensor.of(new long[] {0, 1}, 2, 1);
    Tensor ints = Tensor.of(new int[] {0, 1}, 2, 1);
    for (Tensor x : List.of(longs, ints)) {
      assertThat(((LongTensor) node.all(x).get(0)).toArray()).containsExactly(0, 1);
    }
  }
}
