package io.sparkonnx.spark.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.spark.SparkSessionExtension;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkSessionExtension.class)
class ScoreJobTest {
  private static final Path DEMO = Path.of("..", "demo").toAbsolutePath().normalize();
  private static final String DIGITS = DEMO.resolve("data/digits.parquet").toString();
  private static final String MODEL = DEMO.resolve("models/digits.onnx").toString();

  private static ScoreJob job(Path output, boolean overwrite) {
    return new ScoreJob(
        MODEL, DIGITS, output.toString(), "parquet", Map.of(), "prediction", overwrite);
  }

  private static ScoreJob with(ScoreJob job, String model, String input) {
    return new ScoreJob(
        model, input, job.output(), job.format(), job.inputs(), job.column(), job.overwrite());
  }

  private static ScoreJob mapped(ScoreJob job, Map<String, List<String>> inputs, String column) {
    return new ScoreJob(
        job.model(), job.input(), job.output(), job.format(), inputs, column, job.overwrite());
  }

  @Test
  void passesAllColumnsThroughAndAddsTheOutput(SparkSession spark, @TempDir Path folder)
      throws Exception {
    job(folder.resolve("out"), false).run(spark);
    Dataset<Row> written = spark.read().parquet(folder.resolve("out").toString());
    assertThat(written.columns()).containsExactly("id", "image", "label", "prediction");
    assertThat(written.count()).isEqualTo(500);
    assertThat(written.filter("size(prediction) = 10").count()).isEqualTo(500);
  }

  @Test
  void leavesNothingBesideTheOutput(SparkSession spark, @TempDir Path folder) throws Exception {
    job(folder.resolve("out"), false).run(spark);
    try (Stream<Path> children = Files.list(folder)) {
      assertThat(children.map(Path::getFileName).map(Path::toString)).containsExactly("out");
    }
  }

  /** A local disk that keeps what lies in a folder when the folder is renamed. */
  public static final class Renames extends RawLocalFileSystem {
    private static final Map<String, List<String>> FILES = new ConcurrentHashMap<>();

    @Override
    public URI getUri() {
      return URI.create("renames:///");
    }

    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
        throws IOException {
      List<String> files =
          Arrays.stream(listStatus(from)).map(file -> file.getPath().getName()).toList();
      FILES.put(to.toUri().getPath(), files);
      return super.rename(from, to);
    }
  }

  @Test
  void theMarkOfSuccessComesAfterTheRows(SparkSession spark, @TempDir Path folder)
      throws Exception {
    spark.sparkContext().hadoopConfiguration().set("fs.renames.impl", Renames.class.getName());
    Path output = folder.resolve("out");
    new ScoreJob(MODEL, DIGITS, "renames:" + output, "parquet", Map.of(), "prediction", false)
        .run(spark);
    assertThat(Renames.FILES.get(output.toString()))
        .isNotEmpty()
        .allMatch(name -> name.startsWith("part-"));
    assertThat(output.resolve("_SUCCESS")).exists();
    assertThat(spark.read().parquet(output.toString()).count()).isEqualTo(500);
  }

  @Test
  void refusesTheRootOfAFileSystem(SparkSession spark) {
    assertThatThrownBy(() -> job(Path.of("/"), true).run(spark))
        .isInstanceOf(ScoreException.class)
        .hasMessage("output / is the root of a file system; a folder below it is needed");
  }

  @Test
  void refusesAnOutputThatExists(SparkSession spark, @TempDir Path folder) {
    assertThatThrownBy(() -> job(folder, false).run(spark))
        .isInstanceOf(ScoreException.class)
        .hasMessage("output " + folder + " exists; say --overwrite to replace it");
  }

  @Test
  void replacesAnOutputWhenTold(SparkSession spark, @TempDir Path folder) throws Exception {
    Path output = folder.resolve("out");
    Files.createDirectory(output);
    Files.writeString(output.resolve("old"), "old", StandardCharsets.UTF_8);
    job(output, true).run(spark);
    assertThat(output.resolve("old")).doesNotExist();
    assertThat(output.resolve("_SUCCESS")).exists();
  }

  @Test
  void aJobThatFailsKeepsTheOldOutput(SparkSession spark, @TempDir Path folder) throws Exception {
    Path input = folder.resolve("in");
    spark.sql("SELECT array(cast(1 AS FLOAT)) AS image").write().parquet(input.toString());
    Path output = folder.resolve("out");
    Files.createDirectory(output);
    Files.writeString(output.resolve("old"), "old", StandardCharsets.UTF_8);
    assertThatThrownBy(() -> with(job(output, true), MODEL, input.toString()).run(spark))
        .hasStackTraceContaining("image");
    assertThat(output.resolve("old")).exists();
    try (Stream<Path> children = Files.list(folder)) {
      assertThat(children.map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder("in", "out");
    }
  }

  @Test
  void refusesAnInputThatIsNotThere(SparkSession spark, @TempDir Path folder) {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(
            () -> with(job(folder.resolve("out"), false), MODEL, missing.toString()).run(spark))
        .isInstanceOf(ScoreException.class)
        .hasMessage("there is no input " + missing);
  }

  @Test
  void refusesAModelThatIsNotThere(SparkSession spark, @TempDir Path folder) {
    String missing = folder.resolve("missing.onnx").toString();
    assertThatThrownBy(() -> with(job(folder.resolve("out"), false), missing, DIGITS).run(spark))
        .hasMessageContaining("missing.onnx");
  }

  @Test
  void refusesAColumnNameThatIsTaken(SparkSession spark, @TempDir Path folder) {
    assertThatThrownBy(
            () -> mapped(job(folder.resolve("out"), false), Map.of(), "label").run(spark))
        .hasMessage("the input has a column 'label' already; name another by --column");
  }

  @Test
  void namesAllWrongMappingsAtOnce(SparkSession spark, @TempDir Path folder) {
    Map<String, List<String>> wrong = Map.of("picture", List.of("image"));
    assertThatThrownBy(
            () -> mapped(job(folder.resolve("out"), false), wrong, "prediction").run(spark))
        .isInstanceOf(ScoreException.class)
        .hasMessageContaining("the model has no input 'picture'")
        .hasMessageContaining("--inputs says nothing of input 'image'")
        .hasMessageContaining("image: float [batch, 1, 8, 8]");
  }

  @Test
  void namesAColumnThatTheRowsLack(SparkSession spark, @TempDir Path folder) {
    Map<String, List<String>> wrong = Map.of("image", List.of("picture"));
    assertThatThrownBy(
            () -> mapped(job(folder.resolve("out"), false), wrong, "prediction").run(spark))
        .hasMessageContaining("the rows have no column 'picture' for input 'image'");
  }

  @Test
  void assemblesManyColumnsIntoOneInput(SparkSession spark, @TempDir Path folder) throws Exception {
    Path rows = DEMO.resolve("data/breast_cancer.parquet");
    String[] columns = spark.read().parquet(rows.toString()).columns();
    List<String> features = Arrays.asList(columns).subList(1, 31);
    Path output = folder.resolve("out");
    new ScoreJob(
            DEMO.resolve("models/breast_cancer.onnx").toString(),
            rows.toString(),
            output.toString(),
            "parquet",
            Map.of("features", features),
            "p",
            false)
        .run(spark);
    Dataset<Row> written = spark.read().parquet(output.toString());
    assertThat(written.filter("p.label = label").count()).isEqualTo(167);
  }
}
