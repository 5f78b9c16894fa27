package io.sparkonnx.engine;

import static io.sparkonnx.engine.tensor.ElementType.FLOAT;

import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Normalisations as steps on a device. */
class DeviceNormalizationTest {
  private static OnDevice on;

  @BeforeAll
  static void open() {
    on = new OnDevice();
  }

  @AfterAll
  static void close() {
    if (on != null) {
      on.close();
    }
  }

  private static void assertImages(byte[] model) {
    for (int rows : new int[] {1, 7, 40}) {
      on.assertCpuBits(model, Map.of("x", OnDevice.normal(rows, rows, 6, 5, 7)), 1, 0);
    }
    on.assertCpuBits(model, Map.of("x", OnDevice.extreme(5, 40, 6, 5, 7)), 1, 0);
  }

  private static ModelBuilder images(int opset) {
    return ModelBuilder.opset(opset)
        .input("x", FLOAT, "n", 6, 5, 7)
        .output("y")
        .initializer("scale", OnDevice.normal(1, 6))
        .initializer("bias", OnDevice.normal(2, 6));
  }

  @Test
  void instances() {
    assertImages(
        images(17)
            .node("InstanceNormalization", List.of("x", "scale", "bias"), List.of("y"))
            .bytes());
  }

  @Test
  void groupsWithAScalePerChannel() {
    assertImages(
        images(21)
            .node(
                "GroupNormalization", List.of("x", "scale", "bias"), List.of("y"), "num_groups", 3L)
            .bytes());
  }

  @Test
  void groupsWithAScalePerGroup() {
    assertImages(
        ModelBuilder.opset(18)
            .input("x", FLOAT, "n", 6, 5, 7)
            .output("y")
            .initializer("scale", OnDevice.normal(1, 2))
            .initializer("bias", OnDevice.normal(2, 2))
            .node(
                "GroupNormalization", List.of("x", "scale", "bias"), List.of("y"), "num_groups", 2L)
            .bytes());
  }

  @Test
  void neighbouringChannels() {
    for (long size : new long[] {1, 2, 3, 5, 100}) {
      assertImages(
          ModelBuilder.opset(13)
              .input("x", FLOAT, "n", 6, 5, 7)
              .output("y")
              .node(
                  "LRN",
                  List.of("x"),
                  List.of("y"),
                  "size",
                  size,
                  "alpha",
                  0.02f,
                  "beta",
                  0.75f,
                  "bias",
                  1.5f)
              .bytes());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void vectorsAlongEveryAxis(long p) {
    for (long axis = 1; axis < 4; axis++) {
      assertImages(
          ModelBuilder.opset(13)
              .input("x", FLOAT, "n", 6, 5, 7)
              .output("y")
              .node("LpNormalization", List.of("x"), List.of("y"), "axis", axis, "p", p)
              .bytes());
    }
  }

  @Test
  void aVectorOfZerosStaysZero() {
    byte[] model =
        ModelBuilder.opset(13)
            .input("x", FLOAT, "n", 4)
            .output("y")
            .node("LpNormalization", List.of("x"), List.of("y"))
            .bytes();
    on.assertCpuBits(model, Map.of("x", Tensor.of(new float[8], 2, 4)), 1, 0);
  }

  @Test
  void batchStatisticsThatARunGives() {
    byte[] model =
        ModelBuilder.opset(15)
            .input("x", FLOAT, "n", 6, 5, 7)
            .input("mean", FLOAT, 6)
            .input("var", FLOAT, 6)
            .output("y")
            .initializer("scale", OnDevice.normal(1, 6))
            .initializer("bias", OnDevice.normal(2, 6))
            .node("BatchNormalization", List.of("x", "scale", "bias", "mean", "var"), List.of("y"))
            .bytes();
    Tensor mean = OnDevice.normal(3, 6);
    float[] variance = ((FloatTensor) OnDevice.normal(4, 6)).toArray();
    for (int i = 0; i < variance.length; i++) {
      variance[i] = variance[i] * variance[i];
    }
    for (int rows : new int[] {1, 40}) {
      on.assertCpuBits(
          model,
          Map.of(
              "x", OnDevice.extreme(5, rows, 6, 5, 7), "mean", mean, "var", Tensor.of(variance, 6)),
          1,
          0);
    }
  }

  @Test
  void rootsOfMeanSquares() {
    byte[] model =
        ModelBuilder.opset(23)
            .input("x", FLOAT, "n", 3, 37)
            .output("y")
            .initializer("scale", OnDevice.normal(1, 37))
            .node("RMSNormalization", List.of("x", "scale"), List.of("y"))
            .bytes();
    for (int rows : new int[] {1, 40}) {
      on.assertCpuBits(model, Map.of("x", OnDevice.normal(rows, rows, 3, 37)), 1, 0);
      on.assertCpuBits(model, Map.of("x", OnDevice.extreme(rows, rows, 3, 37)), 1, 0);
    }
  }

  @Test
  void layersWithParametersOfLeadingOnes() {
    byte[] model =
        ModelBuilder.opset(17)
            .input("x", FLOAT, "n", 3, 37)
            .output("y")
            .initializer("scale", OnDevice.normal(1, 1, 1, 37))
            .initializer("bias", OnDevice.normal(2, 1, 37))
            .node("LayerNormalization", List.of("x", "scale", "bias"), List.of("y"))
            .bytes();
    on.assertCpuBits(model, Map.of("x", OnDevice.normal(1, 40, 3, 37)), 1, 0);
  }
}
