package io.sparkonnx.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.check.CaseResult;
import io.sparkonnx.engine.check.CaseRunner;
import io.sparkonnx.engine.check.Tolerance;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** ONNX's own test cases, optimised and as they are in the file, on both kernel sets. */
class ConformanceTest {
  private static final List<String> MODELS =
      List.of(
          ("mnist8_cntk yunet_n_320 fastestdet mnist_cnn_torch11 mnist_burn mnist_mlp_torch_onnx2c mnist_softmax_torch"
                  + " mnist_cnnmax_keras2onnx mnist_leaky_torch super_resolution10 ultraface_rfb320"
                  + " espcn_subpixel taxinet_tf2onnx acasxu_1_1_matlab kws_fp32"
                  + " orographic_drag_keras tinyvit_torch27 bert_toy tinybert_tribuo"
                  + " lightgbm_ankane randomforest_ankane logreg_iris voting_soft_skl lr_mnist_skl"
                  + " iris_lr_tribuo_export xgb_regressor_onnxmltools tree_clf_onnx2c"
                  + " rf_iris_kinference treeensemble_double mlnet_encoder")
              .split(" "));

  private record Variant(String name, LoadOptions options) {}

  private static final List<Variant> VARIANTS =
      List.of(
          new Variant("optimised", LoadOptions.DEFAULT),
          new Variant("as in the file", LoadOptions.DEFAULT.withOptimize(false)),
          new Variant("scalar", LoadOptions.DEFAULT.withKernels("scalar")));

  @TestFactory
  Stream<DynamicTest> realModelsGiveTheirReferenceOutputs() {
    Path folder = ConformanceData.folder("models");
    return MODELS.stream().flatMap(model -> cases(folder.resolve(model)));
  }

  @TestFactory
  Stream<DynamicTest> imageNetworksGiveTheirReferenceOutputs() throws IOException {
    return CaseRunner.find(ConformanceData.folder("light")).stream()
        .flatMap(ConformanceTest::cases);
  }

  private static Stream<DynamicTest> cases(Path folder) {
    return VARIANTS.stream()
        .map(
            variant ->
                DynamicTest.dynamicTest(
                    folder.getFileName() + ", " + variant.name(),
                    () -> passes(folder, variant.options(), Tolerance.MODELS)));
  }

  private static void passes(Path folder, LoadOptions options, Tolerance tolerance) {
    CaseResult result = new CaseRunner(options, tolerance).run(folder);
    assertThat(result.message()).isNull();
    assertThat(result.status()).isEqualTo(CaseResult.Status.PASSED);
  }

  /**
   * Every case of ONNX's operator tests passes, is refused by name at load, or stands in the list
   * of known failures with its reason.
   */
  @TestFactory
  Stream<DynamicTest> operatorCasesPassOrAreRefusedByName() throws IOException {
    Map<String, String> known = knownFailures();
    CaseRunner runner = new CaseRunner(LoadOptions.DEFAULT, Tolerance.OPERATORS);
    return Stream.of("node", "simple", "pytorch-operator", "pytorch-converted")
        .map(ConformanceData::folder)
        .flatMap(ConformanceTest::find)
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    folder.getFileName().toString(),
                    () -> {
                      CaseResult result = runner.run(folder);
                      String reason = known.get(result.name());
                      if (reason != null) {
                        assertThat(result.status())
                            .as("listed as failing: %s", reason)
                            .isEqualTo(CaseResult.Status.FAILED);
                      } else if (result.status() != CaseResult.Status.PASSED) {
                        assertThat(result.message()).startsWith("UNSUPPORTED_MODEL: ");
                      }
                    }));
  }

  private static Stream<Path> find(Path folder) {
    try {
      return CaseRunner.find(folder).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines of {@code name: reason}. */
  private static Map<String, String> knownFailures() throws IOException {
    try (InputStream in =
        ConformanceTest.class.getResourceAsStream("/conformance-known-failures.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split("\n"))
          .filter(line -> !line.startsWith("#") && line.contains(": "))
          .collect(
              Collectors.toMap(
                  line -> line.substring(0, line.indexOf(": ")),
                  line -> line.substring(line.indexOf(": ") + 2)));
    }
  }

  @Test
  void aModelOfUnknownOperatorsIsRefusedAtLoadWithAllOfThemNamed() {
    Path folder = ConformanceData.folder("models").resolve("tiny_gpt2_beamsearch_contrib");
    assertThatThrownBy(() -> Model.load(folder.resolve("model.onnx")))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("BeamSearch of com.microsoft")
        .hasMessageContaining("Attention of com.microsoft")
        .hasMessageContaining("EmbedLayerNormalization of com.microsoft");
  }
}
