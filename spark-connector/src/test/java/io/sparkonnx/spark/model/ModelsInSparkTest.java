package io.sparkonnx.spark.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.spark.OnnxConf;
import io.sparkonnx.spark.SparkSessionExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Settings of the application, and what it holds after many models. */
@ExtendWith(SparkSessionExtension.class)
class ModelsInSparkTest {
  @TempDir Path folder;
  private SparkSession spark;

  @BeforeEach
  void keepSession() throws IOException {
    spark = SparkSessionExtension.session();
    folder = folder.toRealPath();
  }

  @AfterEach
  void resetApplication() {
    spark.sparkContext().conf().remove(OnnxConf.MODEL_ROOTS);
    spark.sparkContext().conf().remove(OnnxConf.CACHE_MAX_BYTES);
    spark.sparkContext().conf().remove("spark.plugins");
  }

  private float score(String model) {
    return spark.sql("SELECT onnx_predict('" + model + "', 1, 1)").first().getFloat(0);
  }

  private void refused(String model, String message) {
    assertThatThrownBy(() -> score(model))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("[ONNX_MODEL] onnx_predict('" + model + "'): ")
        .hasMessageContaining(message);
  }

  @Test
  void theRootsOfTheApplicationHoldForItsQueries() {
    String inside = LinearModel.write(folder.resolve("in/m.onnx"), LinearModel.bytes(800, 2, 3));
    String outside = LinearModel.write(folder.resolve("m.onnx"), LinearModel.bytes(801, 2, 3));
    spark.sparkContext().conf().set(OnnxConf.MODEL_ROOTS, folder.resolve("in").toString());
    assertThat(score(inside)).isEqualTo(805);
    refused(
        outside,
        "file:"
            + folder
            + "/m.onnx is outside the folders that spark.onnx.model.roots allows: file:"
            + folder
            + "/in");
    spark.sql("SET spark.onnx.model.inside=" + outside);
    refused("inside", "is outside the folders that spark.onnx.model.roots allows");
    spark.sql("RESET spark.onnx.model.inside");
  }

  @Test
  void aConnectServerRefusesFilesUntilItHasRoots() {
    String model = LinearModel.write(folder.resolve("m.onnx"), LinearModel.bytes(802, 2, 3));
    spark
        .sparkContext()
        .conf()
        .set("spark.plugins", "org.apache.spark.sql.connect.SparkConnectPlugin");
    refused(model, "a Spark Connect server takes no models from file");
    refused("http://127.0.0.1:1/m.onnx", "a Spark Connect server takes no models from http");
    spark.sparkContext().conf().set(OnnxConf.MODEL_ROOTS, folder.toUri().toString());
    assertThat(score(model)).isEqualTo(807);
  }

  @Test
  void aModelOfAServerIsScored() {
    try (TestServer server = new TestServer()) {
      assertThat(score(server.file("/m.onnx", LinearModel.bytes(803, 2, 3), null))).isEqualTo(808);
    }
  }

  @Test
  void manyModelsStayWithinTheLimit() {
    long limit = 3 << 20;
    spark.sparkContext().conf().set(OnnxConf.CACHE_MAX_BYTES, String.valueOf(limit));
    List<String> models = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      float[] weights = new float[5000];
      weights[0] = i;
      models.add(
          LinearModel.write(folder.resolve(i + ".onnx"), LinearModel.bytes(900 + i, weights)));
    }
    long loads = CompiledModels.loads();
    for (int query = 0; query < 100; query++) {
      String call = "SELECT onnx_predict('%s', array_repeat(1F, 5000))";
      float score = spark.sql(call.formatted(models.get(query % 50))).first().getFloat(0);
      assertThat(score).isEqualTo(900 + 2 * (query % 50));
      assertThat(CompiledModels.report().bytes()).isLessThanOrEqualTo(limit);
      assertThat(ShippedModel.sentBytes()).isLessThanOrEqualTo(limit);
    }
    assertThat(CompiledModels.report().models())
        .hasSizeBetween(2, 40)
        .allMatch(held -> held.users() == 0);
    assertThat(CompiledModels.loads() - loads).isEqualTo(100);
  }

  private List<Row> store(Path path) {
    return spark.read().format("onnx").load(path.toString()).orderBy("path").collectAsList();
  }

  @Test
  void theRootsHoldForTheStoreOfModelsToo() {
    LinearModel.write(folder.resolve("in/m.onnx"), LinearModel.bytes(803, 2, 3));
    LinearModel.write(folder.resolve("out/m.onnx"), LinearModel.bytes(804, 2, 3));
    spark.sparkContext().conf().set(OnnxConf.MODEL_ROOTS, folder.resolve("in").toString());
    assertThat(store(folder.resolve("in"))).hasSize(1);
    assertThat(store(folder.resolve("in/*.onnx"))).hasSize(1);
    for (String path : List.of("out", "out/m.onnx", "*", "in/../out", "*/m.onnx")) {
      assertThatThrownBy(() -> store(folder.resolve(path)))
          .as(path)
          .isInstanceOf(AnalysisException.class)
          .hasMessageContaining("is outside the folders that spark.onnx.model.roots allows");
    }
  }

  @Test
  void aLinkOutOfTheRootsIsRefusedInTheStore() throws IOException {
    LinearModel.write(folder.resolve("m.onnx"), LinearModel.bytes(805, 2, 3));
    Files.createDirectory(folder.resolve("in"));
    Files.createSymbolicLink(folder.resolve("in/l.onnx"), folder.resolve("m.onnx"));
    spark.sparkContext().conf().set(OnnxConf.MODEL_ROOTS, folder.resolve("in").toString());
    assertThatThrownBy(() -> store(folder.resolve("in")))
        .hasMessageContaining("is outside the folders that spark.onnx.model.roots allows");
  }

  @Test
  void aModelWithExternalDataIsARowOfTheStore() throws IOException {
    LinearModel.write(folder.resolve("a.onnx"), LinearModel.external(806, "w.bin"));
    LinearModel.write(folder.resolve("w.bin"), LinearModel.data(2, 3));
    LinearModel.write(folder.resolve("b.onnx"), LinearModel.external(807, "lost.bin"));
    List<Row> rows = store(folder);
    assertThat(rows.get(0).<Long>getAs("parameters")).isEqualTo(3);
    assertThat(rows.get(0).getList(rows.get(0).fieldIndex("problems"))).isEmpty();
    assertThat(rows.get(1).getList(rows.get(1).fieldIndex("problems")).toString())
        .contains("lost.bin");
  }
}
