package io.sparkonnx.spark.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that MLflow saves models in. */
class MlflowModelTest {
  /** As MLflow writes it, shortened. */
  private static final String DESCRIPTION =
      """
      artifact_path: model
      flavors:
        onnx:
          code: null
          data: %s
          onnx_version: 1.18.0
          providers:
          - CPUExecutionProvider
        python_function:
          data: model.onnx
          env:
            conda: conda.yaml
          loader_module: mlflow.onnx
      model_uuid: 0d7b4b0c9e0a4d3bb0b8a2d2a0a0a0a0
      """;

  @TempDir Path folder;

  private String model(String data) {
    LinearModel.write(folder.resolve("MLmodel"), DESCRIPTION.formatted(data).getBytes(UTF_8));
    return folder.toString();
  }

  private static void refused(String model, String message) {
    assertThatThrownBy(() -> DriverModels.analyze(model, null, Access.of())).hasMessage(message);
  }

  @Test
  void theOnnxFlavourIsRun() {
    LinearModel.write(folder.resolve("model.onnx"), LinearModel.bytes(300, 2, 3));
    String location = model("model.onnx");
    assertThat(Access.predict(location, Access.of(), 1, 1)).isEqualTo(305);
    assertThat(Access.predict(location + "/", Access.of(), 1, 1)).isEqualTo(305);
    assertThat(Access.predict(location + "/MLmodel", Access.of(), 1, 1)).isEqualTo(305);
  }

  @Test
  void itsExternalDataLiesBesideIt() {
    LinearModel.write(folder.resolve("model.onnx"), LinearModel.external(301, "model.data"));
    LinearModel.write(folder.resolve("model.data"), LinearModel.data(2, 3));
    assertThat(Access.predict(model("model.onnx"), Access.of(), 1, 1)).isEqualTo(306);
  }

  @Test
  void aFolderOfAServerEndsWithASlash() {
    try (TestServer server = new TestServer()) {
      String url = server.url("/run/");
      server.file("/run/MLmodel", DESCRIPTION.formatted("model.onnx").getBytes(UTF_8), null);
      server.file("/run/model.onnx", LinearModel.bytes(302, 2, 3), null);
      assertThat(Access.predict(url, Access.of(), 1, 1)).isEqualTo(307);
    }
  }

  @Test
  void aFolderWithoutADescriptionIsRefused() {
    refused(folder.toString(), "model " + folder + " is a folder without an MLmodel file");
  }

  @Test
  void aFolderWithoutTheOnnxFlavourIsRefused() {
    String description = "flavors:\n  python_function: {}\n  sklearn: {}\n";
    LinearModel.write(folder.resolve("MLmodel"), description.getBytes(UTF_8));
    refused(
        folder.toString(),
        "model " + folder + " has no ONNX flavour in its MLmodel, only [python_function, sklearn]");
  }

  @Test
  void anOnnxFlavourWithoutDataIsRefused() {
    LinearModel.write(folder.resolve("MLmodel"), "flavors:\n  onnx: {}\n".getBytes(UTF_8));
    refused(
        folder.toString(),
        "model " + folder + ": the ONNX flavour in its MLmodel names no data file");
  }

  @Test
  void aDescriptionThatIsNoYamlIsRefused() {
    LinearModel.write(folder.resolve("MLmodel"), "flavors: [".getBytes(UTF_8));
    assertThatThrownBy(() -> DriverModels.analyze(folder.toString(), null, Access.of()))
        .hasMessageStartingWith("model " + folder + ": its MLmodel is no YAML: ");
  }

  @Test
  void dataOutsideTheFolderIsRefused() {
    for (String path : new String[] {"../secret.onnx", "/etc/passwd", "a/../../b", "file:/x"}) {
      refused(
          model("'" + path + "'"),
          "model "
              + folder
              + " cannot be read: data of the ONNX flavour is '"
              + path
              + "', which is no path inside the folder");
    }
  }

  @Test
  void aMissingFileIsNamed() {
    refused(model("none.onnx"), "model " + folder + " does not exist");
  }
}
