package io.sparkonnx.engine;

import static io.sparkonnx.engine.tensor.ElementType.FLOAT;
import static io.sparkonnx.engine.tensor.ElementType.INT64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Resize on a device has the CPU's bits. */
class DeviceResizeTest {
  private static final int ROWS = 23;

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

  private static ModelBuilder images(Object height, Object width) {
    return ModelBuilder.opset(19).input("x", FLOAT, "n", 3, height, width);
  }

  private static void assertOnDeviceAlone(ModelBuilder model, Map<String, Tensor> inputs) {
    DeviceUse use = both.compare(model.output("y").bytes(), inputs);
    assertThat(use.deviceSteps()).isPositive();
    assertThat(use.cpuSteps()).isZero();
  }

  private static ModelBuilder byScales(ModelBuilder model, String mode, Object... attributes) {
    List<Object> all = new ArrayList<>(List.of("mode", mode));
    all.addAll(List.of(attributes));
    return model
        .initializer("scales", Tensor.of(new float[] {1, 1, 2.3f, 0.6f}, 4))
        .initializer("roi", Tensor.of(new float[] {0, 0, -0.2f, 0.1f, 1, 1, 0.7f, 1.3f}, 8))
        .node("Resize", List.of("x", "roi", "scales"), List.of("y"), all.toArray());
  }

  @ParameterizedTest
  @CsvSource({
    "nearest, half_pixel",
    "nearest, tf_crop_and_resize",
    "linear, half_pixel",
    "linear, align_corners",
    "linear, tf_crop_and_resize",
    "cubic, half_pixel_symmetric",
    "cubic, pytorch_half_pixel",
    "cubic, tf_crop_and_resize"
  })
  void imagesOfKnownSize(String mode, String place) {
    ModelBuilder model =
        byScales(
            images(9, 17),
            mode,
            "coordinate_transformation_mode",
            place,
            "extrapolation_value",
            -1.5f);
    assertOnDeviceAlone(model, Map.of("x", OnDevice.extreme(1, ROWS, 3, 9, 17)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nearest", "linear", "cubic"})
  void imagesWhoseSizeARunGives(String mode) {
    ModelBuilder model =
        images("h", "w")
            .initializer("two", Tensor.of(new float[] {1, 1, 2, 1.5f}, 4))
            .node("Resize", List.of("x", "", "two"), List.of("y"), "mode", mode);
    assertOnDeviceAlone(model, Map.of("x", OnDevice.normal(2, ROWS, 3, 5, 8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear", "cubic"})
  void filtersThatGrow(String mode) {
    ModelBuilder model = byScales(images(31, 40), mode, "antialias", 1L, "exclude_outside", 1L);
    assertOnDeviceAlone(model, Map.of("x", OnDevice.normal(3, ROWS, 3, 31, 40)));
  }

  @Test
  void volumes() {
    ModelBuilder model =
        ModelBuilder.opset(19)
            .input("x", FLOAT, "n", 2, 4, 5, 6)
            .initializer("sizes", Tensor.of(new long[] {7, 3, 11}, 3))
            .node(
                "Resize",
                List.of("x", "", "", "sizes"),
                List.of("y"),
                "mode",
                "linear",
                "axes",
                new long[] {2, 3, 4});
    assertOnDeviceAlone(model, Map.of("x", OnDevice.normal(4, ROWS, 2, 4, 5, 6)));
  }

  @Test
  void olderVersions() {
    for (int opset : new int[] {9, 10}) {
      ModelBuilder model =
          ModelBuilder.opset(opset)
              .input("x", FLOAT, "n", 2, 6)
              .initializer("scales", Tensor.of(new float[] {1, 3, 2.5f}, 3))
              .node(
                  opset == 9 ? "Upsample" : "Resize",
                  List.of("x", "scales"),
                  List.of("y"),
                  "mode",
                  "linear");
      assertOnDeviceAlone(model, Map.of("x", OnDevice.normal(5, ROWS, 2, 6)));
    }
  }

  @Test
  void anAxisThatStays() {
    ModelBuilder model =
        images(4, 4)
            .initializer("ones", Tensor.of(new float[] {1, 1, 1, 1}, 4))
            .node("Resize", List.of("x", "", "ones"), List.of("y"), "mode", "linear");
    both.compare(model.output("y").bytes(), Map.of("x", OnDevice.normal(6, ROWS, 3, 4, 4)));
  }

  @Test
  void sizesThatDoNotFitAreRefusedBeforeAKernelRuns() {
    byte[] model =
        images("h", 4)
            .initializer("two", Tensor.of(new long[] {2, 2}, 2))
            .node("Resize", List.of("x", "", "", "two"), List.of("y"), "axes", new long[] {2, 3})
            .output("y")
            .bytes();
    try (Model loaded = both.load(model);
        Session session = loaded.newSession()) {
      Map<String, Tensor> inputs = Map.of("x", Tensor.of(new float[0], 1, 3, 0, 4));
      assertThatThrownBy(() -> session.run(inputs))
          .isInstanceOf(OnnxException.class)
          .hasMessageContaining("axis 2 has no elements to make 2 of");
    }
  }

  @Test
  void sizesThatARunGives() {
    byte[] model =
        images(5, 6)
            .input("sizes", INT64, 2)
            .node("Resize", List.of("x", "", "", "sizes"), List.of("z"), "axes", new long[] {2, 3})
            .node("Relu", List.of("z"), List.of("y"))
            .output("y")
            .bytes();
    Map<String, Tensor> inputs = new HashMap<>();
    inputs.put("x", OnDevice.normal(7, ROWS, 3, 5, 6));
    inputs.put("sizes", Tensor.of(new long[] {9, 2}, 2));
    both.compare(model, inputs);
  }
}
