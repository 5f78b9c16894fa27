package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.spark.model.CompiledModels;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How often a model is read, sent and compiled. */
@ExtendWith(SparkSessionExtension.class)
class DistributionTest {
  @TempDir static Path folder;
  private static SparkSession spark;

  @BeforeAll
  static void keepSession(SparkSession session) {
    spark = session;
  }

  /** A model that no other test has loaded. */
  private static String fresh(float bias) {
    return TestModel.linear(bias, 2f, 3f).write(folder, "fresh" + bias + ".onnx");
  }

  private static float predict(String model) {
    return spark
        .range(0, 8, 1, 4)
        .select(onnxPredict(model, col("id"), col("id")).as("s"))
        .groupBy()
        .max("s")
        .first()
        .getFloat(0);
  }

  @Test
  void aModelIsCompiledOnceForAllQueriesAndTasks() {
    String model = fresh(101f);
    long before = CompiledModels.loads();
    assertThat(predict(model)).isEqualTo(136f);
    assertThat(predict(model)).isEqualTo(136f);
    assertThat(CompiledModels.loads() - before).isEqualTo(1);
  }

  @Test
  void queriesAtTheSameTimeCompileOnce() throws Exception {
    String model = fresh(102f);
    long before = CompiledModels.loads();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<Float>> results =
          IntStream.range(0, 4).mapToObj(i -> pool.submit(() -> predict(model))).toList();
      for (Future<Float> result : results) {
        assertThat(result.get()).isEqualTo(137f);
      }
    } finally {
      pool.shutdown();
    }
    assertThat(CompiledModels.loads() - before).isEqualTo(1);
  }

  @Test
  void theSameBytesUnderTwoNamesAreOneModel() {
    String one = fresh(103f);
    String two = TestModel.linear(103f, 2f, 3f).write(folder, "copy.onnx");
    long before = CompiledModels.loads();
    var both =
        spark
            .range(5)
            .select(
                onnxPredict(one, col("id"), col("id")).as("a"),
                onnxPredict(two, col("id"), col("id")).as("b"));
    assertThat(both.filter("a != b").count()).isZero();
    assertThat(CompiledModels.loads() - before).isEqualTo(1);
    assertThat(Evaluations.of(both).get(0).calls().size()).isEqualTo(1);
  }

  @Test
  void aChangedFileIsReadAgain() throws IOException {
    String model = fresh(104f);
    assertThat(predict(model)).isEqualTo(139f);
    Path file = Path.of(URI.create(model));
    Files.write(file, TestModel.linear(105f, 2f, 3f).bytes());
    Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis() + 5000));
    assertThat(predict(model)).isEqualTo(140f);
  }

  @Test
  void aFailedLoadLeavesNothingBehind() throws IOException {
    Path file = folder.resolve("late.onnx");
    Files.writeString(file, "not a model");
    assertThatThrownBy(() -> predict(file.toString())).hasMessageContaining("ONNX_MODEL");
    Files.write(file, TestModel.linear(106f, 2f, 3f).bytes());
    assertThat(predict(file.toString())).isEqualTo(141f);
  }

  @Test
  void aModelShowsItselfInANotebook() {
    OnnxModel model = OnnxModel.load(fresh(109f));
    assertThat(model.toHtml())
        .startsWith("<div class=\"onnx-card\">")
        .contains("<svg")
        .contains(model.sha256());
  }

  @Test
  void aModelIsBroadcastOncePerApplication() {
    String model = fresh(107f);
    OnnxModel handle = OnnxModel.load(model);
    var reference = new io.sparkonnx.spark.model.ModelReference(model, model, handle.sha256());
    long first = shipped(reference);
    predict(model);
    assertThat(shipped(reference)).isEqualTo(first);
  }

  private static long shipped(io.sparkonnx.spark.model.ModelReference reference) {
    return io.sparkonnx.spark.model.ShippedModel.ship(
            reference, org.apache.spark.sql.classic.SparkSession.active())
        .broadcastId();
  }

  @Test
  void plainPathsAreOnTheDefaultFileSystem() {
    String model = Path.of(URI.create(fresh(108f))).toString();
    assertThat(model).startsWith("/");
    assertThat(predict(model)).isEqualTo(143f);
  }
}
