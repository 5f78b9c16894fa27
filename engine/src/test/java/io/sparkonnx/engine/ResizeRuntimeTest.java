package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.sparkonnx.engine.onnx.ModelBuilder;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Resized images against an independent runtime, and of batches against those of single images. */
class ResizeRuntimeTest {
  private static final int[] IMAGES = {3, 2, 7, 10};

  private static float[] normal(int... dims) {
    float[] values = new float[Tensor.sizeOf(dims)];
    Random random = new Random(5);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static byte[] model(String mode, String place, String nearest, List<Object> more) {
    List<Object> attributes =
        new ArrayList<>(
            List.of(
                "mode", mode, "coordinate_transformation_mode", place, "nearest_mode", nearest));
    attributes.addAll(more);
    ModelBuilder model = ModelBuilder.opset(18).input("x", ElementType.FLOAT, "n", 2, "h", "w");
    boolean bySizes = more.contains("axes");
    model.initializer(
        bySizes ? "sizes" : "scales",
        bySizes ? Tensor.of(new long[] {13, 4}, 2) : Tensor.of(new float[] {1, 1, 2, 3}, 4));
    return model
        .node(
            "Resize",
            bySizes ? List.of("x", "", "", "sizes") : List.of("x", "", "scales"),
            List.of("y"),
            attributes.toArray())
        .output("y", ElementType.FLOAT, "n", 2, "a", "b")
        .bytes();
  }

  private static float[] peer(byte[] bytes, float[] x, int... dims) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = Arrays.stream(dims).asLongStream().toArray();
    try (OrtSession session = environment.createSession(bytes);
        OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), shape);
        OrtSession.Result result = session.run(Map.of("x", tensor))) {
      FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      return values;
    }
  }

  private static float[] ours(byte[] bytes, float[] x, int... dims) {
    try (Model model = Model.load(bytes, LoadOptions.DEFAULT);
        Session session = model.newSession()) {
      return ((FloatTensor) session.run(Map.of("x", Tensor.of(x, dims))).get("y")).toArray();
    }
  }

  private static void assertAgrees(byte[] model) throws OrtException {
    float[] x = normal(IMAGES);
    float[] expected = peer(model, x, IMAGES);
    float[] actual = ours(model, x, IMAGES);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("element %d", i).isCloseTo(expected[i], within(1e-5f));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nearest, asymmetric, floor",
    "nearest, half_pixel, round_prefer_ceil",
    "nearest, half_pixel, round_prefer_floor",
    "nearest, align_corners, ceil",
    "linear, half_pixel, floor",
    "linear, asymmetric, floor",
    "linear, align_corners, floor",
    "linear, pytorch_half_pixel, floor",
    "cubic, half_pixel, floor",
    "cubic, align_corners, floor",
    "cubic, asymmetric, floor",
    "cubic, pytorch_half_pixel, floor"
  })
  void enlargedByScales(String mode, String place, String nearest) throws OrtException {
    assertAgrees(model(mode, place, nearest, List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "linear, half_pixel, 0",
    "linear, half_pixel, 1",
    "linear, align_corners, 0",
    "cubic, half_pixel, 0",
    "cubic, half_pixel, 1",
    "cubic, asymmetric, 0"
  })
  void givenSizes(String mode, String place, long antialias) throws OrtException {
    assertAgrees(
        model(
            mode,
            place,
            "floor",
            List.of("axes", new long[] {2, 3}, "antialias", antialias, "cubic_coeff_a", -0.5f)));
  }

  @Test
  void cubicWithoutWhatIsOutside() throws OrtException {
    assertAgrees(model("cubic", "half_pixel", "floor", List.of("exclude_outside", 1L)));
  }

  @ParameterizedTest
  @CsvSource({"nearest, 0", "linear, 0", "linear, 1", "cubic, 0", "cubic, 1"})
  void anImageHasTheSameBitsInEveryBatch(String mode, long antialias) {
    byte[] model =
        model(
            mode,
            "half_pixel",
            "floor",
            List.of("axes", new long[] {2, 3}, "antialias", antialias));
    int[] dims = {67, 2, 31, 45};
    float[] x = normal(dims);
    float[] all = ours(model, x, dims);
    int image = x.length / dims[0];
    int resized = all.length / dims[0];
    for (int i : new int[] {0, 1, 33, 66}) {
      float[] one = Arrays.copyOfRange(x, i * image, (i + 1) * image);
      assertThat(ours(model, one, 1, 2, 31, 45))
          .as("image %d", i)
          .isEqualTo(Arrays.copyOfRange(all, i * resized, (i + 1) * resized));
    }
  }

  @Test
  void anImageThatNoArrayHoldsIsRefusedBeforeItIsMade() {
    byte[] model =
        ModelBuilder.opset(13)
            .input("x", ElementType.FLOAT, "n", 2, "h", "w")
            .initializer("scales", Tensor.of(new float[] {1, 1, 1e4f, 1e4f}, 4))
            .node("Resize", List.of("x", "", "scales"), List.of("y"))
            .output("y")
            .bytes();
    float[] x = normal(1, 2, 100, 100);
    assertThatThrownBy(() -> ours(model, x, 1, 2, 100, 100))
        .isInstanceOfSatisfying(
            OnnxException.class,
            e -> assertThat(e.code()).isEqualTo(OnnxException.Code.LIMIT_EXCEEDED))
        .hasMessageContaining("output 'y' would have 2000000000000 elements");
  }
}
