package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.Signature.Port;
import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.NarrowTypes;
import io.sparkonnx.engine.tensor.OnnxValue;
import io.sparkonnx.engine.tensor.SequenceValue;
import io.sparkonnx.engine.tensor.StringTensor;
import io.sparkonnx.engine.tensor.Tensor;
import io.sparkonnx.engine.type.ValueType.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real models whose files fix the batch at 1. */
class FreedModelsTest {
  private static final int ROWS = 7;
  private static final List<String> MODELS =
      List.of(
          ("acasxu_1_1_matlab espcn_subpixel kws_fp32 lightgbm_ankane lr_mnist_skl mlnet_encoder"
                  + " mnist8_cntk mnist_burn mnist_cnn_torch11 mnist_mlp_torch_onnx2c"
                  + " onnxmltools_big_pipeline randomforest_ankane squeezenet_fp16_caffe2"
                  + " tinyvit_torch27 tract_averagepool_count_include_pad tract_deconv_group"
                  + " tree_clf_onnx2c ultraface_rfb320")
              .split(" "));

  private static final List<String> NETWORKS =
      List.of("light_bvlc_alexnet", "light_inception_v1", "light_resnet50", "light_squeezenet");

  @TestFactory
  Stream<DynamicTest> rowsThatGoTogetherGetTheBitsThatTheFileGivesEachAlone() {
    Stream<DynamicTest> models =
        MODELS.stream().map(name -> DynamicTest.dynamicTest(name, () -> check(file(name))));
    Stream<DynamicTest> networks =
        NETWORKS.stream()
            .map(name -> DynamicTest.dynamicTest(name, () -> check(randomWeights(name))));
    return Stream.concat(models, networks);
  }

  private static byte[] file(String model) throws IOException {
    return Files.readAllBytes(
        ConformanceData.folder("models").resolve(model).resolve("model.onnx"));
  }

  /** With constant weights a permuted channel would pass. */
  private static byte[] randomWeights(String network) throws IOException {
    return RandomWeights.of(
        ConformanceData.folder("light").resolve(network).resolve("model.onnx"), 11);
  }

  private static void check(byte[] bytes) {
    try (Model model = Model.load(bytes, LoadOptions.DEFAULT);
        Model file = Model.load(bytes, LoadOptions.DEFAULT.withFreeBatch(false));
        Session together = model.newSession();
        Session alone = file.newSession()) {
      assertThat(file.batching().kind()).isEqualTo(Batching.Kind.FIXED);
      assertThat(model.batching().kind())
          .as("%s", model.batching().reason())
          .isEqualTo(Batching.Kind.ROWS);
      Map<String, Tensor> inputs = inputs(file.signature());
      Map<String, OnnxValue> all = together.run(inputs);
      for (int row = 0; row < ROWS; row++) {
        Map<String, Tensor> one = new LinkedHashMap<>();
        for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
          one.put(input.getKey(), row(input.getValue(), row));
        }
        Map<String, OnnxValue> expected = alone.run(one);
        Map<String, OnnxValue> single = together.run(one);
        for (String output : expected.keySet()) {
          String what = "output " + output + ", row " + row;
          assertThat(bits(expected.get(output), 0, 1))
              .as(what)
              .isEqualTo(bits(all.get(output), row, ROWS))
              .isEqualTo(bits(single.get(output), 0, 1));
        }
      }
    }
  }

  private static Tensor row(Tensor tensor, int row) {
    int[] dims = tensor.dims();
    dims[0] = 1;
    return tensor.view(
        tensor.offset() + row * (tensor.size() / ROWS) * tensor.type().width(), dims);
  }

  /** A row of a value as text, floats by their bits. */
  private static List<String> bits(OnnxValue value, int row, int rows) {
    if (value instanceof SequenceValue maps) {
      int each = maps.mapValues().size() / rows;
      return text(maps.mapValues(), row * each, each);
    }
    Tensor tensor = (Tensor) value;
    return text(tensor, row * (tensor.size() / rows), tensor.size() / rows);
  }

  private static List<String> text(Tensor tensor, int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(
            i ->
                tensor instanceof StringTensor strings
                    ? strings.get(i)
                    : tensor instanceof FloatTensor floats
                        ? Integer.toHexString(
                            Float.floatToRawIntBits(floats.array()[floats.offset() + i]))
                        : Double.toHexString(tensor.doubleAt(i)))
        .toList();
  }

  private static Map<String, Tensor> inputs(Signature signature) {
    Random random = new Random(5);
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (Port port : signature.inputs()) {
      TensorType type = (TensorType) port.type();
      int[] dims = type.shape().values();
      dims[0] = ROWS;
      inputs.put(port.name(), random(type.element(), dims, random));
    }
    return inputs;
  }

  private static Tensor random(ElementType type, int[] dims, Random random) {
    if (type == ElementType.STRING) {
      String[] words = new String[Tensor.sizeOf(dims)];
      Arrays.setAll(words, i -> "w" + random.nextInt(3));
      return StringTensor.of(dims, words);
    }
    Tensor tensor = Tensor.allocate(type, dims);
    for (int i = 0; i < tensor.size(); i++) {
      switch (type.storage()) {
        case FLOAT -> ((float[]) tensor.array())[i] = (float) random.nextGaussian();
        case DOUBLE -> ((double[]) tensor.array())[i] = random.nextGaussian();
        case LONG -> ((long[]) tensor.array())[i] = random.nextInt(2);
        case INT -> ((int[]) tensor.array())[i] = random.nextInt(2);
        case SHORT ->
            ((short[]) tensor.array())[i] = NarrowTypes.floatToHalf((float) random.nextGaussian());
        default -> throw new IllegalStateException("no random " + type);
      }
    }
    return tensor;
  }

  @ParameterizedTest
  @CsvSource({"acasxu_1_1_nobatch, X: float [5]", "logreg_iris, float_input: float [3 2]"})
  void modelsOfAFixedShapeWithoutALeadingOneStayAsTheyAre(String name, String input)
      throws IOException {
    try (Model model = Model.load(file(name), LoadOptions.DEFAULT)) {
      assertThat(model.batching().kind()).isEqualTo(Batching.Kind.FIXED);
      assertThat(model.batching().reason()).isEqualTo("every input has a fixed shape");
      assertThat(model.signature().inputs().get(0).toString().replace(",", "")).isEqualTo(input);
    }
  }
}
