package io.sparkonnx.spark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.functions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions$;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Models whose weights lie in files beside them. */
@ExtendWith(SparkSessionExtension.class)
class ExternalModelTest {
  @TempDir Path folder;

  private static float scored(SparkSession spark, String model) {
    return spark
        .range(0, 8, 1, 4)
        .select(
            functions
                .onnxPredict(model, functions$.MODULE$.col("id"), functions$.MODULE$.col("id"))
                .as("s"))
        .groupBy()
        .max("s")
        .first()
        .getFloat(0);
  }

  private String write(float bias, float... weights) {
    LinearModel.write(folder.resolve("m/data/w.bin"), LinearModel.data(weights));
    return LinearModel.write(folder.resolve("m/m.onnx"), LinearModel.external(bias, "data/w.bin"));
  }

  private static void refused(String model, String message) {
    assertThatThrownBy(() -> DriverModels.analyze(model, null, Access.of())).hasMessage(message);
  }

  @Test
  void theDataIsShippedWithTheModel(SparkSession spark) {
    assertThat(scored(spark, write(200, 2, 3))).isEqualTo(235);
  }

  @Test
  void changedDataIsNoticed(SparkSession spark) throws IOException {
    String model = write(201, 2, 3);
    assertThat(scored(spark, model)).isEqualTo(236);
    Path data = folder.resolve("m/data/w.bin");
    Files.write(data, LinearModel.data(2, 4));
    Files.setLastModifiedTime(
        data, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 5000));
    assertThat(scored(spark, model)).isEqualTo(243);
  }

  @Test
  void theHashIsThatOfTheLinesOfSha256sum() throws IOException {
    String model = write(202, 2, 3);
    String lines =
        sha256(LinearModel.external(202, "data/w.bin"))
            + "  -\n"
            + sha256(LinearModel.data(2, 3))
            + "  data/w.bin\n";
    String expected = sha256(lines.getBytes(StandardCharsets.UTF_8));
    var analyzed = DriverModels.analyze(model + "@sha256:" + expected, null, Access.of());
    assertThat(analyzed.reference().sha256()).isEqualTo(expected);

    String other = "0".repeat(64);
    refused(
        model + "@sha256:" + other,
        "model "
            + model
            + " has SHA-256 "
            + expected
            + " over its file and 1 data file, but "
            + other
            + " is asked for by the call");
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(PiecedBytes.newSha256().digest(bytes));
  }

  @Test
  void missingDataIsNamed() throws IOException {
    String model = write(203, 2, 3);
    Files.delete(folder.resolve("m/data/w.bin"));
    refused(model, "external data data/w.bin of model " + model + " does not exist");
  }

  @Test
  void dataThatIsTooShortIsRefused() {
    String model = write(204, 2);
    refused(model, "initializer 'w' has 4 bytes but its shape [2, 1] of float needs 8");
  }

  @Test
  void dataOutsideTheFolderIsRefused() throws IOException {
    LinearModel.write(folder.resolve("secret"), LinearModel.data(2, 3));
    String up = LinearModel.write(folder.resolve("m/m.onnx"), LinearModel.external(1, "../secret"));
    refused(up, "tensor 'w': external data '../secret' is not a path inside the model's folder");

    String link = LinearModel.write(folder.resolve("m/l.onnx"), LinearModel.external(1, "link"));
    Files.createSymbolicLink(folder.resolve("m/link"), folder.resolve("secret"));
    refused(
        link,
        "external data link of model "
            + link
            + " cannot be read: a link leads out of the model's folder");
  }

  @Test
  void aModelOfManyPiecesIsTheSameModel(SparkSession spark) {
    String model = write(205, 2, 3);
    var reference = DriverModels.analyze(model, null, Access.of(5)).reference();
    ShippedModel shipped = ShippedModel.ship(reference, spark.sparkContext(), Access.of(5));
    int modelBytes = LinearModel.external(205, "data/w.bin").length;
    List<Long> broadcasts = shipped.broadcastIds();
    assertThat(broadcasts).hasSize((modelBytes + 4) / 5 + 2).doesNotHaveDuplicates();
    assertThat(scored(spark, model)).isEqualTo(240);
    assertThat(ShippedModel.ship(reference, spark.sparkContext(), Access.of()).broadcastIds())
        .isEqualTo(broadcasts);
  }

  @Test
  void allFilesTogetherCountTowardsTheLimit() {
    String model = write(206, 2, 3);
    int modelBytes = LinearModel.external(206, "data/w.bin").length;
    String limit = String.valueOf(modelBytes + 7);
    assertThatThrownBy(
            () -> DriverModels.analyze(model, null, Access.of("spark.onnx.maxModelBytes", limit)))
        .hasMessageContaining("has more than the 7 bytes that are allowed");
  }

  private static ModelContent content(String model) {
    ModelAccess access = Access.of();
    return ModelContent.current(model, ModelResolver.find(model, null, access), access);
  }

  private static void loseBytes(ModelContent content) {
    content.parts().forEach(part -> part.state().bytes().clear());
  }

  @Test
  void bytesThatMemoryHasLostAreReadAgain() {
    ModelContent content = content(write(208, 2, 3));
    loseBytes(content);
    var files = content.bytes(Access.of());
    assertThat(files.get("").joined()).isEqualTo(LinearModel.external(208, "data/w.bin"));
    assertThat(files.get("data/w.bin").joined()).isEqualTo(LinearModel.data(2, 3));
  }

  @Test
  void bytesThatMemoryHasLostAndThatHaveChangedAreRefused() throws IOException {
    String model = write(209, 2, 3);
    ModelContent content = content(model);
    loseBytes(content);
    Files.write(folder.resolve("m/data/w.bin"), LinearModel.data(2, 3, 4));
    assertThatThrownBy(() -> content.bytes(Access.of()))
        .hasMessage(
            "external data data/w.bin of model "
                + model
                + " has changed since the query was analyzed: it has SHA-256 "
                + sha256(LinearModel.data(2, 3, 4))
                + ", but had "
                + sha256(LinearModel.data(2, 3)));
  }

  @Test
  void aModelThatChangesBetweenAnalysisAndShippingIsRefused() throws IOException {
    String model = write(207, 2, 3);
    var analyzed = DriverModels.analyze(model, null, Access.of());
    var gone = new ModelReference(model, analyzed.reference().file(), "1".repeat(64));
    assertThatThrownBy(() -> DriverModels.files(gone, Access.of()))
        .hasMessageContaining("has SHA-256 " + analyzed.reference().sha256())
        .hasMessageContaining("1".repeat(64) + " is asked for");
  }
}
