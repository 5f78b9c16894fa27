package io.sparkonnx.spark.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.spark.OnnxConf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of a mirror of the ONNX model zoo. */
class ZooModelTest {
  private static final byte[] OLD = LinearModel.bytes(400, 2, 3);
  private static final byte[] NEW = LinearModel.bytes(401, 2, 3);

  @TempDir Path mirror;
  private ModelAccess access;

  private static String entry(String name, int opset, String path, String sha) {
    return """
        {"model": "%s", "model_path": "%s", "onnx_version": "1.9.0", "opset_version": %d,
         "metadata": {"model_sha": "%s", "model_bytes": 1, "tags": ["vision"]}}"""
        .formatted(name, path, opset, sha);
  }

  private static String sha(byte[] bytes) {
    return HexFormat.of().formatHex(PiecedBytes.newSha256().digest(bytes));
  }

  private static byte[] manifest(String... entries) {
    return ("[" + String.join(",", entries) + "]").getBytes(UTF_8);
  }

  private static final byte[] MANIFEST =
      manifest(
          entry("ResNet50", 7, "vision/old.onnx", sha(OLD)),
          entry("ResNet50", 12, "vision/new.onnx", sha(NEW)),
          entry("Broken", 12, "vision/old.onnx", sha(NEW)),
          entry("Hashless", 12, "vision/old.onnx", ""),
          entry("Escaping", 12, "../old.onnx", sha(OLD)));

  @BeforeEach
  void writeMirror() throws IOException {
    mirror = mirror.toRealPath();
    LinearModel.write(mirror.resolve("ONNX_HUB_MANIFEST.json"), MANIFEST);
    LinearModel.write(mirror.resolve("vision/old.onnx"), OLD);
    LinearModel.write(mirror.resolve("vision/new.onnx"), NEW);
    access = Access.of(OnnxConf.ZOO_MIRROR, mirror.toUri().toString());
  }

  private void refused(String name, String message) {
    assertThatThrownBy(() -> DriverModels.analyze(name, null, access)).hasMessage(message);
  }

  @Test
  void aModelIsFoundByNameInAnyCaseAndOpset() {
    assertThat(Access.predict("zoo:resnet50?opset=7", access, 1, 1)).isEqualTo(405);
    assertThat(Access.predict("zoo:ResNet50?opset=12", access, 1, 1)).isEqualTo(406);
  }

  @Test
  void withoutOpsetItIsTheNewest() {
    assertThat(Access.predict("zoo:resnet50", access, 1, 1)).isEqualTo(406);
  }

  @Test
  void namesAndOpsetsThatAreNotThere() {
    refused(
        "zoo:none",
        "the zoo's manifest " + "file:" + mirror + "/ONNX_HUB_MANIFEST.json has no model 'none'");
    refused("zoo:resnet50?opset=9", "the zoo has model 'resnet50' for opset 7, 12, not for 9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"zoo:", "zoo:a?version=1", "zoo:a?opset=x", "zoo:../a", "zoo:a?opset=1&b"})
  void namesThatAreNone(String name) {
    refused(
        name, "'" + name + "' is no model of the zoo; zoo:name or zoo:name?opset=12 is expected");
  }

  @Test
  void aFileWithAnotherHashThanTheManifestSaysIsRefused() {
    refused(
        "zoo:broken",
        "model zoo:broken has SHA-256 "
            + sha(OLD)
            + ", but "
            + sha(NEW)
            + " is asked for by the zoo's manifest");
  }

  @Test
  void aManifestWithoutAHashIsInvalid() {
    assertThatThrownBy(() -> DriverModels.analyze("zoo:hashless", null, access))
        .hasMessageEndingWith(
            "is invalid: model_sha of 'Hashless': '' is no SHA-256; 64 hexadecimal digits are"
                + " expected");
  }

  @Test
  void aPathOutsideTheMirrorIsRefused() {
    refused(
        "zoo:escaping",
        "model zoo:escaping cannot be read: model_path of 'Escaping' is '../old.onnx', which is no"
            + " path inside the folder");
  }

  @Test
  void aManifestThatIsNone() {
    for (String text : new String[] {"{}", "[{]", "<html>"}) {
      LinearModel.write(mirror.resolve("ONNX_HUB_MANIFEST.json"), (text + " ").getBytes(UTF_8));
      assertThatThrownBy(() -> DriverModels.analyze("zoo:a", null, access))
          .hasMessageStartingWith("the zoo's manifest " + mirror.toUri())
          .hasMessageContaining(" is invalid: ");
    }
  }

  @Test
  void withoutAMirrorThereIsNoZoo() {
    assertThatThrownBy(() -> DriverModels.analyze("zoo:a", null, Access.of()))
        .hasMessage(
            "models of the zoo need a mirror: spark.onnx.zoo.mirror names no folder with an"
                + " ONNX_HUB_MANIFEST.json");
    assertThatThrownBy(
            () ->
                DriverModels.analyze(
                    "zoo:a", null, Access.of(OnnxConf.ZOO_MIRROR, mirror + "/none")))
        .hasMessage("the zoo's manifest " + mirror + "/none/ONNX_HUB_MANIFEST.json does not exist");
  }

  @Test
  void aRemoteModelIsReadOnceForItsHash() {
    try (TestServer server = new TestServer()) {
      byte[] model = LinearModel.bytes(402, 2, 3);
      server.file(
          "/hub/ONNX_HUB_MANIFEST.json", manifest(entry("m", 12, "a/m.onnx", sha(model))), "\"1\"");
      server.file("/hub/a/m.onnx", model, null);
      ModelAccess remote = Access.of(OnnxConf.ZOO_MIRROR, server.url("/hub"));
      assertThat(Access.predict("zoo:m", remote, 1, 1)).isEqualTo(407);
      assertThat(Access.predict("zoo:m", remote, 1, 1)).isEqualTo(407);
      assertThat(server.log())
          .containsExactly(
              "/hub/ONNX_HUB_MANIFEST.json 200",
              "/hub/a/m.onnx 200",
              "/hub/ONNX_HUB_MANIFEST.json 304");
    }
  }
}
