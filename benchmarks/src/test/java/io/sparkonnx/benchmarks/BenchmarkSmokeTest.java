package io.sparkonnx.benchmarks;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.Session;
import io.sparkonnx.engine.tensor.FloatTensor;
import io.sparkonnx.engine.tensor.OnnxValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of the benchmark compute what they claim to time. */
class BenchmarkSmokeTest {
  private static final Path DEMO = Path.of("..", "demo").toAbsolutePath().normalize();

  @TempDir Path folder;

  private SparkSession session;

  @BeforeEach
  void start() {
    session = Rounds.session("smoke");
  }

  @AfterEach
  void stop() {
    session.stop();
  }

  private BenchmarkCase digits() throws IOException {
    Files.copy(DEMO.resolve("models/digits.onnx"), folder.resolve("model.onnx"));
    session
        .read()
        .parquet(DEMO.resolve("data/digits.parquet").toString())
        .select(col("image").as("x"))
        .write()
        .parquet(folder.resolve("rows.parquet").toString());
    Files.writeString(
        folder.resolve("case.json"),
        """
        {"case": "digits", "form": "array", "inputs": ["image"], "outputs": ["probabilities"],
         "width": 64, "shape": [1, 8, 8], "rows": 500}
        """);
    return BenchmarkCase.read(folder);
  }

  @Test
  void theQueryAndTheEngineAloneScoreTheSameRowsAlike() throws IOException {
    BenchmarkCase digits = digits();
    List<List<Float>> scored = new ArrayList<>();
    for (Row row : OursMain.query(session, digits).select("y").collectAsList()) {
      scored.add(row.getList(0));
    }
    List<List<Float>> alone = new ArrayList<>();
    try (Model model = Model.load(Path.of(digits.model()));
        Session engine = model.newSession()) {
      for (Map<String, OnnxValue> batch : Batches.read(session, digits)) {
        FloatTensor rows = (FloatTensor) engine.run(batch).get("probabilities");
        for (int i = 0; i < rows.dim(0); i++) {
          List<Float> row = new ArrayList<>();
          for (int j = 0; j < rows.dim(1); j++) {
            row.add(rows.get(i * rows.dim(1) + j));
          }
          alone.add(row);
        }
      }
    }
    assertThat(scored).hasSize(500).isEqualTo(alone);
  }

  private Copies copies(boolean columnar) throws IOException {
    BenchmarkCase digits = digits();
    String more = folder.resolve("more.parquet").toString();
    session.read().parquet(digits.rowsFile()).write().parquet(more);
    return Copies.measure(session, digits, List.of(digits.rowsFile(), more), columnar);
  }

  @Test
  void columnsAreCopiedOnceIntoTheModelAndResultsAreTheTensors() throws IOException {
    Copies copies = copies(true);
    assertThat(copies.rows()).isEqualTo(1000);
    assertThat(copies.inputBytes()).isEqualTo(1000 * 64 * Float.BYTES);
    assertThat(copies.copiedIn()).isEqualTo(copies.inputBytes());
    assertThat(copies.outputBytes()).isEqualTo(1000 * 10 * Float.BYTES);
    assertThat(copies.copiedOut()).isZero();
  }

  @Test
  void rowsAreCopiedOnceIntoTheModel() throws IOException {
    Copies copies = copies(false);
    assertThat(copies.copiedIn()).isEqualTo(copies.inputBytes());
    assertThat(copies.copiedOut()).isGreaterThan(copies.outputBytes());
  }

  @Test
  void theLiveHeapIsSampledAtLeastOnce() throws InterruptedException {
    assertThat(LiveHeap.watch().stop()).isNotEmpty().allMatch(megabytes -> megabytes > 0);
  }
}
