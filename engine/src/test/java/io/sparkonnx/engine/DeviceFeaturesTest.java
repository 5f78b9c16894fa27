package io.sparkonnx.engine;

import static io.sparkonnx.engine.tensor.ElementType.BOOL;
import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.op.ml.MlNode;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Linear models and what prepares their features, with their steps on a device. */
class DeviceFeaturesTest {
  private static final int ROWS = 131;
  private static final int FEATURES = 5;

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

  private static float[] random(int seed, int length) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static DeviceUse compare(MlNode node, boolean byColumns) {
    ModelBuilder builder =
        ModelBuilder.opset(17).opset("ai.onnx.ml", 3).input("x", FLOAT, "n", FEATURES);
    List<String> outputs = node.outputs() == 2 ? List.of("label", "y") : List.of("y");
    builder.node("ai.onnx.ml", node.type(), List.of("x"), outputs, node.attributes());
    outputs.forEach(builder::output);
    float[] values = random(1, ROWS * FEATURES);
    values[7] = Float.NaN;
    values[8] = Float.POSITIVE_INFINITY;
    values[20] = -0f;
    LoadOptions options = byColumns ? LoadOptions.DEFAULT.withByColumns("x") : LoadOptions.DEFAULT;
    Tensor x = byColumns ? Tensor.of(values, FEATURES, ROWS) : Tensor.of(values, ROWS, FEATURES);
    return both.compare(builder.bytes(), options, Map.of("x", x));
  }

  private static void assertOnDeviceAlone(MlNode node) {
    for (boolean byColumns : new boolean[] {false, true}) {
      DeviceUse use = compare(node, byColumns);
      assertThat(use.deviceSteps()).isPositive();
      assertThat(use.cpuSteps()).isZero();
    }
  }

  private static MlNode perColumn(MlNode node, String name, int seed) {
    return node.with(name, random(seed, FEATURES));
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE", "SOFTMAX", "LOGISTIC"})
  void linearRegressorsRunOnTheDeviceAlone(String transform) {
    for (int targets : new int[] {1, 3}) {
      MlNode node =
          MlNode.of("LinearRegressor")
              .with("targets", (long) targets)
              .with("coefficients", random(2, targets * FEATURES))
              .with("post_transform", transform);
      assertOnDeviceAlone(node);
      assertOnDeviceAlone(node.with("intercepts", random(3, targets)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO"})
  void linearClassifiersScoreOnTheDevice(String transform) {
    for (int functions : new int[] {1, 3}) {
      MlNode node =
          MlNode.classifier("LinearClassifier")
              .with("coefficients", random(2, functions * FEATURES))
              .with("intercepts", random(3, functions))
              .with("classlabels_ints", functions == 1 ? new long[] {7, 9} : new long[] {1, 2, 3})
              .with("post_transform", transform);
      for (boolean byColumns : new boolean[] {false, true}) {
        DeviceUse use = compare(node, byColumns);
        assertThat(use.deviceSteps()).isPositive();
      }
    }
  }

  @Test
  void scalersOfOneValueAndOfOnePerColumn() {
    assertOnDeviceAlone(MlNode.of("Scaler").reals("offset", 0.3).reals("scale", 1.7));
    MlNode each = perColumn(MlNode.of("Scaler"), "offset", 4);
    assertOnDeviceAlone(each);
    assertOnDeviceAlone(perColumn(each, "scale", 5));
  }

  @Test
  void imputersOfOneValueAndOfOnePerColumn() {
    for (double replaced : new double[] {Double.NaN, 0}) {
      MlNode one = MlNode.of("Imputer").with("replaced_value_float", (float) replaced);
      assertOnDeviceAlone(one.reals("imputed_value_floats", 2.5));
      assertOnDeviceAlone(perColumn(one, "imputed_value_floats", 6));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"MAX", "L1", "L2"})
  void normalizersRunOnTheDeviceAlone(String norm) {
    DeviceUse use = compare(MlNode.of("Normalizer").with("norm", norm), false);
    assertThat(use.deviceSteps()).isEqualTo(1);
    assertThat(use.cpuSteps()).isZero();
  }

  @Test
  void rowsWhoseNumberARunDecidesStayOnTheCpu() {
    MlNode scaler = MlNode.of("Scaler").reals("offset", 0.3).reals("scale", 1.7);
    MlNode imputer = perColumn(MlNode.of("Imputer"), "imputed_value_floats", 6);
    MlNode linear =
        MlNode.of("LinearRegressor")
            .with("targets", 2L)
            .with("coefficients", random(2, 2 * FEATURES))
            .with("post_transform", "LOGISTIC");
    ModelBuilder builder =
        ModelBuilder.opset(17)
            .opset("ai.onnx.ml", 3)
            .input("x", FLOAT, "n", FEATURES)
            .input("keep", BOOL, "n")
            .node("Compress", List.of("x", "keep"), List.of("a"), "axis", 0L);
    List<MlNode> nodes = List.of(imputer, scaler, linear);
    for (int i = 0; i < nodes.size(); i++) {
      MlNode node = nodes.get(i);
      List<String> from = List.of("abc".substring(i, i + 1));
      List<String> to = List.of("bcy".substring(i, i + 1));
      builder.node("ai.onnx.ml", node.type(), from, to, node.attributes());
    }
    boolean[] keep = new boolean[ROWS];
    keep[3] = true;
    keep[70] = true;
    Tensor x = Tensor.of(random(1, ROWS * FEATURES), ROWS, FEATURES);
    DeviceUse use =
        both.compare(builder.output("y").bytes(), Map.of("x", x, "keep", Tensor.of(keep, ROWS)));
    assertThat(use.deviceSteps()).isZero();
  }
}
