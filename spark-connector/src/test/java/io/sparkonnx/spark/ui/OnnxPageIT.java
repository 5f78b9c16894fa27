package io.sparkonnx.spark.ui;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.TestModel;
import io.sparkonnx.spark.cli.ChildJvm;
import io.sparkonnx.spark.cli.ChildJvm.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of a live application, and of the same one in a History Server. */
class OnnxPageIT {
  @TempDir static Path folder;

  @BeforeAll
  static void runApplication() throws Exception {
    Path events = Files.createDirectory(folder.resolve("events"));
    String model = "look & up.onnx";
    new TestModel()
        .input("k", ElementType.INT64, "N")
        .floats("labels", new float[] {0f, 10f, 20f}, 3)
        .node("Gather", List.of("labels", "k"), List.of("y"))
        .output("y", ElementType.FLOAT, "N")
        .write(folder, model);
    Ended ended =
        ChildJvm.run(
            WatchedSession.class,
            List.of("-Xmx1g"),
            folder.resolve(model).toString(),
            events.toString(),
            folder.toString());
    assertThat(ended.status()).as(ended.output()).isZero();
  }

  private static String page(String name) throws Exception {
    return Files.readString(folder.resolve(name));
  }

  @Test
  void applicationsThatRanNoModelLeadToTheirJobsInstead() throws Exception {
    assertThat(page(WatchedSession.BEFORE)).isEqualTo("302");
  }

  @ParameterizedTest
  @ValueSource(strings = {WatchedSession.LIVE, WatchedSession.REPLAYED})
  void modelsAreNamedWithTheirHashes(String name) throws Exception {
    assertThat(page(name)).containsPattern("look &amp; up\\.onnx <span [^>]*SHA-256 [0-9a-f]{64}");
  }

  @ParameterizedTest
  @ValueSource(strings = {WatchedSession.LIVE, WatchedSession.REPLAYED})
  void rowsAndBadRowsAreCounted(String name) throws Exception {
    assertThat(page(name))
        .contains("<b>5,000</b><span>rows scored</span>")
        .contains("<b>2</b><span>bad rows</span>");
  }

  @ParameterizedTest
  @ValueSource(strings = {WatchedSession.LIVE, WatchedSession.REPLAYED})
  void errorsOfBadRowsAreShown(String name) throws Exception {
    assertThat(page(name)).containsPattern("<li>[^<]*-99[^<]*</li>");
  }

  @ParameterizedTest
  @ValueSource(strings = {WatchedSession.LIVE, WatchedSession.REPLAYED})
  void timeOfTasksIsSplit(String name) throws Exception {
    assertThat(page(name)).containsPattern("title=\"compute: [0-9.]+ s, [0-9]+ %\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {WatchedSession.LIVE, WatchedSession.REPLAYED})
  void theChartHasBarsOfRowsASecond(String name) throws Exception {
    assertThat(page(name)).containsPattern("<title>[0-9:]{8}: [0-9,]+ rows/s</title>");
  }

  @ParameterizedTest
  @ValueSource(strings = {WatchedSession.LIVE, WatchedSession.REPLAYED})
  void batchesAreCountedByDevice(String name) throws Exception {
    assertThat(page(name)).containsPattern("<td>CPU</td>.*[0-9]+ batches");
  }

  @ParameterizedTest
  @ValueSource(strings = {WatchedSession.LIVE, WatchedSession.REPLAYED})
  void queriesLeadToTheSqlTab(String name) throws Exception {
    assertThat(page(name)).containsPattern("href=\"[^\"]*/SQL/execution/\\?id=0\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {WatchedSession.LIVE, WatchedSession.REPLAYED})
  void executorsThatLoadedTheModelAreNamed(String name) throws Exception {
    assertThat(page(name)).containsPattern("<td>driver</td>");
  }
}
