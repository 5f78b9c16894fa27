package io.sparkonnx.engine;

import static io.sparkonnx.engine.tensor.ElementType.BOOL;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.kernel.TreeEnsemble.Aggregation;
import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.op.ml.MlNode;
import io.sparkonnx.engine.op.ml.Trees;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tree models with their steps on a device. */
class DeviceTreesTest {
  private static final int ROWS = 131;
  private static final int FEATURES = 6;

  private static DeviceComparison both;

  @BeforeAll
  static void open() {
    both = new DeviceComparison();
  }

  @AfterAll
  static void close() {
    if (both != null) {
      both.close();
    }
  }

  private static byte[] model(MlNode node) {
    ModelBuilder builder =
        ModelBuilder.opset(17).opset("ai.onnx.ml", 3).input("x", FLOAT, "n", FEATURES);
    List<String> outputs = node.outputs() == 2 ? List.of("label", "y") : List.of("y");
    builder.node("ai.onnx.ml", node.type(), List.of("x"), outputs, node.attributes());
    outputs.forEach(builder::output);
    return builder.bytes();
  }

  private static Map<String, Tensor> rows(int... dims) {
    float[] values = new float[ROWS * FEATURES];
    Random random = new Random(5);
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 17 == 0 ? Float.NaN : Math.round(random.nextGaussian() * 10) / 10f;
    }
    values[3] = Float.NEGATIVE_INFINITY;
    values[4] = -0f;
    return Map.of("x", Tensor.of(values, dims));
  }

  private static Map<String, Tensor> rows() {
    return rows(ROWS, FEATURES);
  }

  private static Trees forest(Trees trees, int targets) {
    Random random = new Random(targets);
    for (int i = 0; i < 12; i++) {
      trees.random(random, 5, FEATURES, targets);
    }
    return trees;
  }

  @ParameterizedTest
  @EnumSource(Aggregation.class)
  void regressorsOfEveryAggregationRunOnTheDeviceAlone(Aggregation aggregation) {
    for (int targets : new int[] {1, 3}) {
      MlNode node =
          forest(Trees.ofTargets(), targets)
              .regressor(targets)
              .with("aggregate_function", aggregation.name());
      DeviceUse use = both.compare(model(node), rows());
      assertThat(use.deviceSteps()).isEqualTo(1);
      assertThat(use.cpuSteps()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"})
  void everyTransformOfARegressorGivesTheCpusBits(String transform) {
    MlNode node = forest(Trees.ofTargets(), 3).regressor(3).with("post_transform", transform);
    DeviceUse use = both.compare(model(node), rows());
    boolean doubles = transform.equals("SOFTMAX_ZERO") || transform.equals("PROBIT");
    assertThat(use.cpuSteps()).isEqualTo(doubles ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"})
  void classifiersOfManyClassesScoreOnTheDeviceAndPickLabelsOnTheCpu(String transform) {
    MlNode node = forest(Trees.ofClasses(), 3).classifier(7, 9, 4);
    DeviceUse use = both.compare(model(node.with("post_transform", transform)), rows());
    boolean doubles = transform.equals("SOFTMAX_ZERO") || transform.equals("PROBIT");
    assertThat(use.cpuSteps()).isEqualTo(doubles ? 2 : 1);
    assertThat(use.deviceSteps()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE", "SOFTMAX", "LOGISTIC", "PROBIT"})
  void aSingleScoreStandsForTwoClasses(String transform) {
    Trees margin = forest(Trees.ofClasses(), 1);
    Trees probability = Trees.ofClasses().stump(0, 0.25, 0.5).stump(0, 0.125, 0.4);
    Trees besideZero = Trees.ofClasses().stump(1, 0.25, 0.5).stump(1, -0.125, -0.6);
    for (Trees trees : List.of(margin, probability, besideZero)) {
      MlNode node = trees.classifier(7, 9).with("post_transform", transform);
      DeviceUse use = both.compare(model(node), rows());
      assertThat(use.deviceSteps()).isPositive();
    }
  }

  @Test
  void labelsMayBeNames() {
    MlNode node =
        forest(Trees.ofClasses(), 2)
            .into(MlNode.classifier("TreeEnsembleClassifier"))
            .strings("classlabels_strings", "ham", "spam");
    assertThat(both.compare(model(node), rows()).cpuSteps()).isEqualTo(1);
  }

  @Test
  void scoresThatAloneAreAskedForNeedNoStepOnTheCpu() {
    MlNode node =
        forest(Trees.ofClasses(), 3).classifier(7, 9, 4).with("post_transform", "SOFTMAX");
    LoadOptions scores = LoadOptions.DEFAULT.withOutputs(Set.of("y"));
    assertThat(both.compare(model(node), scores, rows()).cpuSteps()).isZero();
    LoadOptions labels = LoadOptions.DEFAULT.withOutputs(Set.of("label"));
    DeviceUse use = both.compare(model(node), labels, rows());
    assertThat(use.deviceSteps()).isEqualTo(1);
    assertThat(use.cpuSteps()).isEqualTo(1);
  }

  @Test
  void columnsAreTakenAsTheyAre() {
    MlNode node = forest(Trees.ofTargets(), 2).regressor(2);
    LoadOptions byColumns = LoadOptions.DEFAULT.withByColumns("x");
    DeviceUse use = both.compare(model(node), byColumns, rows(FEATURES, ROWS));
    assertThat(use.deviceSteps()).isEqualTo(1);
    assertThat(use.cpuSteps()).isZero();
  }

  @Test
  void rowsWhoseNumberARunDecidesAreScoredOnTheCpu() {
    MlNode node =
        forest(Trees.ofClasses(), 3).classifier(7, 9, 4).with("post_transform", "SOFTMAX");
    byte[] bytes =
        ModelBuilder.opset(17)
            .opset("ai.onnx.ml", 3)
            .input("x", FLOAT, "n", FEATURES)
            .input("keep", BOOL, "n")
            .node("Compress", List.of("x", "keep"), List.of("kept"), "axis", 0L)
            .node(
                "ai.onnx.ml",
                node.type(),
                List.of("kept"),
                List.of("label", "y"),
                node.attributes())
            .output("label")
            .output("y")
            .bytes();
    boolean[] keep = new boolean[ROWS];
    for (int i = 0; i < ROWS; i += 3) {
      keep[i] = true;
    }
    Tensor x = rows().get("x");
    DeviceUse use = both.compare(bytes, Map.of("x", x, "keep", Tensor.of(keep, ROWS)));
    assertThat(use.deviceSteps()).isZero();
    assertThat(use.cpuSteps()).isEqualTo(4);
  }

  @Test
  void treesInDoubleStayOnTheCpu() {
    MlNode doubles =
        Trees.ofTargets()
            .stump(0, 1, 2)
            .regressor(1)
            .with("nodes_values_as_tensor", Tensor.of(new double[] {0.1, 0, 0}, 3));
    DeviceUse use = both.compare(model(doubles), rows());
    assertThat(use.deviceSteps()).isZero();
    assertThat(use.cpuSteps()).isEqualTo(1);
  }
}
