package io.sparkonnx.spark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.spark.OnnxConf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.AnalysisException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedRootsTest {
  @TempDir Path folder;
  private Path models;
  private Path secret;

  @BeforeEach
  void writeModels() throws IOException {
    folder = folder.toRealPath();
    models = Files.createDirectory(folder.resolve("models"));
    secret = folder.resolve("secret.onnx");
    LinearModel.write(secret, LinearModel.bytes(1, 2, 3));
    LinearModel.write(models.resolve("m.onnx"), LinearModel.bytes(2, 2, 3));
  }

  private static ModelAccess roots(Object... roots) {
    return Access.of(
        OnnxConf.MODEL_ROOTS,
        String.join(",", Arrays.stream(roots).map(Object::toString).toList()));
  }

  private static void outside(String location, ModelAccess access) {
    assertThatThrownBy(() -> DriverModels.analyze(location, null, access))
        .hasMessageContaining("is outside the folders that spark.onnx.model.roots allows: ");
  }

  @Test
  void everyFormOfALocationInsideIsAllowed() {
    ModelAccess access = roots("hdfs://nn/models", models);
    for (String location :
        new String[] {
          models + "/m.onnx",
          "file:" + models + "/m.onnx",
          "file://" + models + "//m.onnx",
          models + "/./m.onnx",
          models + "/x/../m.onnx"
        }) {
      assertThat(Access.predict(location, access, 1, 1)).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret.onnx",
        "models/../secret.onnx",
        "models/x/../../secret.onnx",
        "models2/m.onnx",
        "models.onnx",
        "missing"
      })
  void whatLiesOutsideIsRefusedWhetherItExistsOrNot(String path) {
    outside(folder + "/" + path, roots(models));
    outside("file:" + folder + "/" + path, roots(models));
  }

  @Test
  void encodedCharactersOfAPathMeanThemselves() {
    assertThatThrownBy(
            () -> DriverModels.analyze(models + "/%2e%2e/secret.onnx", null, roots(models)))
        .hasMessageContaining("does not exist");
  }

  @Test
  void otherFileSystemsAndHostsAreOutside() {
    outside("hdfs://other/models/m.onnx", roots("hdfs://nn/models"));
    outside("webhdfs://nn/models/m.onnx", roots("hdfs://nn/models"));
    outside("https://models.example.com.evil.example/m", roots("https://models.example.com/"));
    outside("http://models.example.com/m", roots("https://models.example.com/"));
    outside("https://models.example.com:8443/m", roots("https://models.example.com/"));
    outside("classpath:other/m.onnx", roots("classpath:models"));
    outside("s3a://Models/m.onnx", roots("s3a://models"));
  }

  @Test
  void aLinkMayNotLeadOutside() throws IOException {
    Files.createSymbolicLink(models.resolve("link.onnx"), secret);
    Files.createSymbolicLink(models.resolve("up"), folder);
    outside(models + "/link.onnx", roots(models));
    outside(models + "/up/secret.onnx", roots(models));
  }

  @Test
  void aLinkMayStayInsideAndARootMayBeALink() throws IOException {
    Files.createSymbolicLink(models.resolve("same.onnx"), models.resolve("m.onnx"));
    assertThat(Access.predict(models + "/same.onnx", roots(models), 1, 1)).isEqualTo(7);
    Path link = Files.createSymbolicLink(folder.resolve("root"), models);
    assertThat(Access.predict(link + "/m.onnx", roots(link), 1, 1)).isEqualTo(7);
  }

  @Test
  void aRootMayBeOneFile() {
    assertThat(Access.predict(secret.toString(), roots(secret), 1, 1)).isEqualTo(6);
    outside(models + "/m.onnx", roots(secret));
  }

  @Test
  void aBucketMayBeARootWithoutASlash() {
    assertThatThrownBy(() -> DriverModels.analyze("s3x://models/m", null, roots("s3x://models")))
        .hasMessageContaining("No FileSystem for scheme \"s3x\"");
  }

  @Test
  void aRootThatIsNoFolderIsRefused() {
    assertThatThrownBy(() -> roots("models"))
        .isInstanceOf(AnalysisException.class)
        .hasMessage(
            "[ONNX_SETTING] spark.onnx.model.roots names models, which is no folder: it is relative"
                + " SQLSTATE: 42616");
  }

  @ParameterizedTest
  @CsvSource({
    "spark.plugins, 'a.B,org.apache.spark.sql.connect.SparkConnectPlugin', true",
    "spark.sql.artifact.isolation.alwaysApplyClassloader, true, true",
    "spark.plugins, a.B, false",
    "spark.app.name, x, false"
  })
  void aConnectServerIsKnownByItsConfiguration(String key, String value, boolean server) {
    assertThat(AllowedRoots.isConnectServer(new SparkConf(false).set(key, value)))
        .isEqualTo(server);
  }

  private static ModelAccess connect(String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 2);
    all[settings.length] = "spark.plugins";
    all[settings.length + 1] = "org.apache.spark.sql.connect.SparkConnectPlugin";
    return Access.of(all);
  }

  @Test
  void aConnectServerTakesNoFilesAndNoHttpByDefault() {
    String why = ": unless the application's spark.onnx.model.roots allows it";
    assertThatThrownBy(() -> DriverModels.analyze(secret.toString(), null, connect()))
        .hasMessage(
            "model "
                + secret
                + " cannot be read: a Spark Connect server takes no models from file"
                + why);
    assertThatThrownBy(() -> DriverModels.analyze("http://localhost:1/m", null, connect()))
        .hasMessageEndingWith("a Spark Connect server takes no models from http" + why);
    assertThatThrownBy(() -> DriverModels.analyze("HTTP://localhost:1/m", null, connect()))
        .hasMessageEndingWith("a Spark Connect server takes no models from http" + why);
  }

  @Test
  void aConnectServerTakesFilesFromItsRoots() {
    ModelAccess access = connect(OnnxConf.MODEL_ROOTS, models.toString());
    assertThat(Access.predict(models + "/m.onnx", access, 1, 1)).isEqualTo(7);
    outside(secret.toString(), access);
  }
}
