package io.sparkonnx.engine.op.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.LongTensor;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected numbers are those of ONNX Runtime 1.32. */
class SvmTest {
  private static final Tensor ROWS = MlNode.matrix(2, 1, 2, 3, -4);

  private static MlNode two(String kernel) {
    return MlNode.classifier("SVMClassifier")
        .reals("coefficients", 0.5, -0.2, -0.3)
        .reals("support_vectors", 1, 1, 0, 1, 2, -1)
        .integers("vectors_per_class", 1, 2)
        .reals("rho", 0.05)
        .integers("classlabels_ints", 7, 9)
        .reals("kernel_params", 0.5, 0.1, 3)
        .with("kernel_type", kernel);
  }

  private static MlNode three() {
    return MlNode.classifier("SVMClassifier")
        .reals("coefficients", 0.5, -0.2, -0.3, 0.4, 0.1, 0.2, -0.7, 0.6)
        .reals("support_vectors", 1, 1, 0, 1, 2, -1, 0.5, 0.5)
        .integers("vectors_per_class", 1, 2, 1)
        .reals("rho", 0.05, 0.1, -0.1)
        .strings("classlabels_strings", "a", "b", "c")
        .reals("kernel_params", 0.5, 0.1, 3)
        .with("kernel_type", "RBF");
  }

  private static void assertScores(MlNode node, float... expected) {
    assertThat(node.scores(ROWS)).usingComparatorWithPrecision(2e-5f).containsExactly(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "LINEAR, 7, 9, 1.15, -2.65",
    "POLY, 7, 9, 1.8315, -38.405495",
    "RBF, 7, 7, 0.27766806, 0.04797886",
    "SIGMOID, 7, 9, 0.32083404, -0.24870472"
  })
  void everyKernelFunction(String kernel, long first, long last, float a, float b) {
    MlNode node = two(kernel);
    assertThat(((LongTensor) node.all(ROWS).get(0)).toArray()).containsExactly(first, last);
    assertScores(node, -a, a, -b, b);
  }

  @Test
  void aScoreBetweenTwoClassesIsSpreadByTheTransform() {
    assertScores(
        two("LINEAR").with("post_transform", "LOGISTIC"),
        0.24048913f,
        0.7595109f,
        0.93401104f,
        0.06598896f);
    assertScores(two("LINEAR").with("post_transform", "SOFTMAX"), -0.15f, 1.15f, 3.65f, -2.65f);
  }

  @Test
  void probabilitiesOfTwoClasses() {
    MlNode node = two("RBF").reals("prob_a", -1.2).reals("prob_b", 0.1);
    assertScores(node, 0.5579596f, 0.4420403f, 0.4893952f, 0.51060486f);
  }

  @Test
  void manyClassesGiveAScoreForEachPair() {
    MlNode node = three();
    assertThat(((StringTensor) node.all(ROWS).get(0)).toArray()).containsExactly("a", "a");
    assertScores(node, 0.27766806f, 0.275255f, 0.14076222f, 0.04797886f, 0.10000075f, -0.1047155f);
  }

  @Test
  void probabilitiesOfManyClassesAreCoupled() {
    MlNode node = three().reals("prob_a", -1.2, -0.9, -1).reals("prob_b", 0.1, 0.2, 0.3);
    assertScores(node, 0.36340347f, 0.29194963f, 0.34464696f, 0.31638944f, 0.29227987f, 0.3913309f);
  }

  @Test
  void withoutSupportVectorsEachClassHasALinearFunction() {
    MlNode node =
        MlNode.classifier("SVMClassifier")
            .reals("coefficients", 0.1, 0.2, -0.3, 0.05, 0.4, -0.1)
            .reals("rho", 0.05, 0.7, 0.9)
            .integers("classlabels_ints", 7, 9, 11);
    assertThat(((LongTensor) node.all(ROWS).get(0)).toArray()).containsExactly(7, 11);
    assertScores(node, 0.55f, -0.15f, 0.25f, -0.45f, -1.05f, 1.65f);
  }

  @Test
  void attributesThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> two("LINEAR").reals("coefficients", 1).operator())
        .hasMessage("SVMClassifier 'it': coefficients has 1 elements, expected 3");
    assertThatThrownBy(() -> three().reals("rho", 1).operator())
        .hasMessage("SVMClassifier 'it': rho has 1 elements, expected 3");
    assertThatThrownBy(() -> two("LINEAR").reals("support_vectors", 1, 2).operator())
        .hasMessage("SVMClassifier 'it': support_vectors has 2 elements for 3 vectors");
    assertThatThrownBy(() -> two("CUBIC").operator())
        .hasMessage(
            "SVMClassifier 'it': kernel_type is 'CUBIC', expected LINEAR, POLY, RBF or SIGMOID");
    assertThatThrownBy(() -> two("LINEAR").integers("vectors_per_class", 3).operator())
        .hasMessage("SVMClassifier 'it': vectors_per_class has 1 elements for 2 class labels");
    assertThatThrownBy(() -> two("RBF").all(MlNode.matrix(3, 1, 2, 3)))
        .hasMessage("SVMClassifier 'it': X has 3 columns, expected 2");
  }

  private static MlNode regressor() {
    return MlNode.of("SVMRegressor")
        .reals("coefficients", 0.5, -0.2, -0.3)
        .reals("support_vectors", 1, 1, 0, 1, 2, -1)
        .with("n_supports", 3L)
        .reals("rho", 0.05)
        .reals("kernel_params", 0.5, 0.1, 3)
        .with("kernel_type", "POLY");
  }

  @Test
  void theRegressorAddsUpKernelValues() {
    Tensor y = (Tensor) regressor().run(ROWS);
    assertThat(y.dims()).containsExactly(2, 1);
    assertThat(regressor().floats(ROWS))
        .usingComparatorWithPrecision(2e-5f)
        .containsExactly(1.8314999f, -38.4055f);
  }

  @Test
  void oneClassIsInsideOrOutside() {
    assertThat(regressor().with("one_class", 1L).floats(ROWS)).containsExactly(1f, -1f);
  }

  @Test
  void theRegressorWithoutSupportVectorsIsLinear() {
    MlNode node = MlNode.of("SVMRegressor").reals("coefficients", 0.5, -0.25).reals("rho", 0.125);
    assertThat(node.floats(ROWS)).containsExactly(0.125f, 2.625f);
  }

  @Test
  void theRegressorsListsMustFit() {
    assertThatThrownBy(() -> regressor().with("n_supports", 2L).operator())
        .hasMessage("SVMRegressor 'it': 3 coefficients for 2 support vectors");
    assertThatThrownBy(() -> MlNode.of("SVMRegressor").reals("coefficients", 1).operator())
        .hasMessage("SVMRegressor 'it': rho is empty");
  }
}
