package io.sparkonnx.engine.op.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.Dim;
import io.sparkonnx.engine.type.Shape;
import io.sparkonnx.engine.type.ValueInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinearTest {
  private static final Tensor ROWS = MlNode.matrix(2, 1, 2, 3, -4, 0, 0);

  private static MlNode single(String transform) {
    return MlNode.classifier("LinearClassifier")
        .reals("coefficients", 0.125, 0.25)
        .reals("intercepts", 0.0625)
        .integers("classlabels_ints", 7, 9)
        .with("post_transform", transform);
  }

  private static MlNode triple(String transform) {
    return MlNode.classifier("LinearClassifier")
        .reals("coefficients", 0.1, 0.2, -0.1, 0.05, 0.3, 0)
        .reals("intercepts", 0.05, 0.1, 0)
        .strings("classlabels_strings", "a", "b", "c")
        .with("post_transform", transform);
  }

  @Test
  void aSingleFunctionIsAProbabilityOfTheSecondClass() {
    MlNode node = single("NONE");
    assertThat(((LongTensor) node.all(ROWS).get(0)).toArray()).containsExactly(9, 7, 9);
    assertThat(node.scores(ROWS))
        .containsExactly(0.3125f, 0.6875f, 1.5625f, -0.5625f, 0.9375f, 0.0625f);
    assertThat(single("SOFTMAX").scores(ROWS)).containsExactly(node.scores(ROWS));
  }

  @Test
  void logisticOfASingleFunctionGivesBothSidesOfTheSigmoid() {
    assertThat(single("LOGISTIC").scores(ROWS))
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(0.3345891f, 0.6654109f, 0.6370309f, 0.3629691f, 0.4843801f, 0.5156199f);
  }

  @Test
  void theGreatestOfManyFunctionsWins() {
    MlNode node = triple("NONE");
    assertThat(((StringTensor) node.all(ROWS).get(0)).toArray()).containsExactly("a", "c", "b");
    assertThat(node.scores(ROWS))
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(0.55f, 0.1f, 0.3f, -0.45f, -0.4f, 0.9f, 0.05f, 0.1f, 0f);
  }

  @Test
  void softmaxZeroLeavesZerosOut() {
    float[] scores = triple("SOFTMAX_ZERO").scores(ROWS);
    assertThat(new float[] {scores[6], scores[7], scores[8]})
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(0.4875026f, 0.51249737f, 0f);
  }

  @Test
  void probitIsTheQuantileOfTheNormalDistribution() {
    float[] scores = triple("PROBIT").scores(ROWS);
    assertThat(new float[] {scores[0], scores[1], scores[5]})
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(0.12566201f, -1.2817129f, 1.2817132f);
    assertThat(scores[3]).isNaN();
    assertThat(scores[8]).isEqualTo(Float.NEGATIVE_INFINITY);
  }

  @Test
  void interceptsMayBeLeftOut() {
    MlNode node =
        MlNode.classifier("LinearClassifier")
            .reals("coefficients", 1, 0, 0, 1)
            .integers("classlabels_ints", 1, 2);
    assertThat(node.scores(ROWS)).containsExactly(1, 2, 3, -4, 0, 0);
  }

  @Test
  void otherTypesAreRoundedToFloats() {
    List<Tensor> same =
        List.of(
            Tensor.of(new double[] {1, 2, 3, -4, 0, 0}, 3, 2),
            Tensor.of(new long[] {1, 2, 3, -4, 0, 0}, 3, 2),
            Tensor.of(new int[] {1, 2, 3, -4, 0, 0}, 3, 2));
    for (Tensor x : same) {
      assertThat(triple("SOFTMAX").scores(x)).containsExactly(triple("SOFTMAX").scores(ROWS));
    }
  }

  @Test
  void badAttributesAreRefused() {
    assertThatThrownBy(() -> single("NONE").integers("classlabels_ints", 1, 2, 3).operator())
        .hasMessage("LinearClassifier 'it': 1 intercepts for 3 class labels");
    assertThatThrownBy(() -> triple("NONE").reals("coefficients", 1, 2).operator())
        .hasMessage("LinearClassifier 'it': 2 coefficients cannot be divided among 3 targets");
    assertThatThrownBy(
            () ->
                MlNode.of("LinearRegressor")
                    .reals("coefficients", 1, 2)
                    .reals("intercepts", 1, 2)
                    .operator())
        .hasMessage("LinearRegressor 'it': 2 intercepts for 1 targets");
  }

  @Test
  void tooManyColumnsAreRefused() {
    ValueInfo x = ValueInfo.of(ElementType.FLOAT, Shape.of(Dim.symbol("n"), Dim.of(5)));
    assertThatThrownBy(() -> triple("NONE").infer(x))
        .hasMessage("LinearClassifier 'it': X has 5 columns, expected 2");
  }

  @Test
  void fewerDeclaredColumnsReadTheFirstCoefficients() {
    MlNode node =
        MlNode.of("LinearRegressor").with("targets", 2L).reals("coefficients", 1, 2, 3, 4, 5, 6);
    assertThat(node.floats(MlNode.matrix(2, 1, 10))).containsExactly(21f, 43f);
  }

  @Test
  void theRegressorGivesOneColumnPerTarget() {
    MlNode node =
        MlNode.of("LinearRegressor")
            .with("targets", 2L)
            .reals("coefficients", 1, 2, -1, 0.5)
            .reals("intercepts", 0.25, 0);
    Tensor y = (Tensor) node.run(ROWS);
    assertThat(y.dims()).containsExactly(3, 2);
    assertThat(node.floats(ROWS)).containsExactly(5.25f, 0, -4.75f, -5, 0.25f, 0);
  }

  @Test
  void aSingleTargetIsOnlyChangedByProbit() {
    MlNode node = MlNode.of("LinearRegressor").reals("coefficients", 0.25, 0.25);
    assertThat(node.with("post_transform", "LOGISTIC").floats(ROWS))
        .containsExactly(0.75f, -0.25f, 0f);
    assertThat(node.with("post_transform", "PROBIT").floats(ROWS)[0]).isBetween(0.673f, 0.676f);
  }

  @Test
  void oneDimensionIsOneRow() {
    List<io.sparkonnx.engine.tensor.OnnxValue> y =
        triple("NONE").all(Tensor.of(new float[] {1, 2}, 2));
    assertThat(((Tensor) y.get(0)).dims()).containsExactly(1);
    assertThat(((Tensor) y.get(1)).dims()).containsExactly(1, 3);
  }

  @Test
  void threeDimensionsAreRefused() {
    assertThatThrownBy(() -> triple("NONE").all(Tensor.of(new float[2], 1, 1, 2)))
        .hasMessage("LinearClassifier 'it': X has shape [1, 1, 2], expected [N, C] or [C]");
  }
}
