package io.sparkonnx.spark.cli;

import static io.sparkonnx.spark.cli.ChildJvm.DEMO;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.device.Devices;
import io.sparkonnx.gpu.spark.TestExecutorDevices;
import io.sparkonnx.spark.cli.ChildJvm.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that open a Spark session, each in a JVM of its own. */
class ScoreCommandTest {
  private static final String IMAGE = Collections.nCopies(64, 1).toString();

  private static Ended execute(String... args) throws Exception {
    return ChildJvm.run(Main.class, List.of(), args);
  }

  @Test
  void scoreWritesTheRowsAndSaysHowMany(@TempDir Path folder) throws Exception {
    Path output = folder.resolve("out");
    Ended ended = score(DEMO.resolve("data/digits.parquet"), folder, "--run-id=a");
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output())
        .contains("scored 500 rows in ")
        .contains(", 0 of them bad, on cpu into file:" + output + "/run_id=a");
    assertThat(output.resolve("run_id=a/_SUCCESS")).exists();
  }

  @Test
  void scoreNamesTheDeviceThatRan(@TempDir Path folder) throws Exception {
    TestExecutorDevices.require();
    Ended ended = score(DEMO.resolve("data/digits.parquet"), folder, "--device=gpu");
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output()).contains(" of them bad, on " + firstDevice() + " into ");
  }

  private static String firstDevice() {
    return Devices.find().devices().get(0).id();
  }

  @Test
  void aJobFileIsReadAndTheOptionsGoBeforeIt(@TempDir Path folder) throws Exception {
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            String.join(
                "\n",
                "model: " + DEMO.resolve("models/digits.onnx"),
                "input: {path: " + DEMO.resolve("data/digits.parquet") + "}",
                "output: {path: " + folder.resolve("out") + "}",
                "filter: id < 1304",
                "runId: a"));
    Ended ended = execute("score", "--job=" + job, "--run-id=b", "--master=local[1]");
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("scored 7 rows in ");
    assertThat(folder.resolve("out/run_id=b")).exists();
  }

  @Test
  void badRowsWithinTheLimitHaveAStatusOfTheirOwn(@TempDir Path folder) throws Exception {
    Path rows = folder.resolve("rows.json");
    Files.writeString(rows, "{\"image\":" + IMAGE + "}\n{\"image\":null}\n");
    Ended ended = score(rows, folder, "--format=json", "--bad-rows=null", "--max-bad-share=0.5");
    assertThat(ended.status()).as(ended.output()).isEqualTo(3);
    assertThat(ended.output())
        .contains("scored 2 rows in ")
        .contains(", 1 of them bad, on cpu into ");
  }

  @Test
  void badRowsThatGoAsideAreNamedWithTheirPlace(@TempDir Path folder) throws Exception {
    Path rows = folder.resolve("rows.json");
    Files.writeString(rows, "{\"image\":" + IMAGE + "}\n{\"image\":null}\n");
    Path side = folder.resolve("side");
    Ended ended =
        score(rows, folder, "--format=json", "--bad-rows=side", "--bad-rows-output=" + side);
    assertThat(ended.status()).as(ended.output()).isEqualTo(3);
    assertThat(ended.output())
        .contains("scored 2 rows in ")
        .contains(", 1 of them bad and in " + side + ", on cpu into ");
  }

  @Test
  void aTableOfDeltaNeedsNoSettings(@TempDir Path folder) throws Exception {
    Ended ended =
        score(DEMO.resolve("data/digits.parquet"), folder, "--run-id=a", "--output-format=delta");
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output()).contains(" into " + folder.resolve("out") + ", run_id=a");
    assertThat(folder.resolve("out/_delta_log")).isDirectory();
  }

  @Test
  void aRunThatFailedIsListedWithItsError(@TempDir Path folder) throws Exception {
    Path rows = folder.resolve("rows.json");
    Files.writeString(rows, "{\"image\":" + IMAGE + "}\n{\"image\":null}\n");
    assertThat(score(rows, folder, "--format=json", "--run-id=a").status()).isEqualTo(1);
    Ended ended = execute("runs", folder.resolve("out").toString());
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output())
        .containsPattern("(?m)^a +\\S+Z +failed ")
        .contains("    [ONNX_BAD_ROW] onnx_predict('")
        .contains("input image: column image is NULL");
  }

  @Test
  void aLockedOutputHasAStatusOfItsOwn(@TempDir Path folder) throws Exception {
    Path lock = folder.resolve("out/_spark_onnx/lock");
    Files.createDirectories(lock.getParent());
    Files.writeString(lock, "");
    Ended ended = score(DEMO.resolve("data/digits.parquet"), folder, "--run-id=a");
    assertThat(ended.status()).as(ended.output()).isEqualTo(4);
    assertThat(ended.output())
        .contains("error [LOCKED]: another job, has the lock ")
        .doesNotContain("\tat ");
  }

  @Test
  void allThatIsWrongIsSaidInOneLine() throws Exception {
    Ended ended = execute("score", "--mode=replace", "--max-bad-share=2");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.output())
        .contains("error [WRONG_JOB]: model: a model is needed, not nothing; ")
        .contains("output.mode: one of append, overwrite, partitions is needed, not 'replace'; ")
        .contains("badRows.maxShare: a number from 0 to 1 is needed, not the number 2.0")
        .doesNotContain("\tat ");
  }

  @Test
  void aFormatThatSparkDoesNotKnowIsWrongInput(@TempDir Path folder) throws Exception {
    Ended ended = score(DEMO.resolve("data/digits.parquet"), folder, "--format=xls");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.output())
        .contains("error [WRONG_JOB]: input.format: one of parquet, orc, csv, json, ")
        .contains("output.format: one of ")
        .doesNotContain("\tat ");
  }

  @Test
  void aJobThatFailsSaysWhyInOneLine(@TempDir Path folder) throws Exception {
    Path broken = folder.resolve("broken.parquet");
    Files.writeString(broken, "this is no Parquet file, however long it may be");
    Ended ended = score(broken, folder, "--inputs=image=image");
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output()).contains("error [JOB_FAILED]: ").doesNotContain("\tat ");
  }

  @Test
  void aBadRowIsNamedInOneLine(@TempDir Path folder) throws Exception {
    Path rows = folder.resolve("rows.json");
    Files.writeString(rows, "{\"image\":" + IMAGE + "}\n{\"image\":null}\n");
    Ended ended = score(rows, folder, "--format=json");
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output())
        .contains("error [ONNX_BAD_ROW]: onnx_predict('")
        .contains("partition 0, row 1 (row 1 of the batch): input image: column image is NULL")
        .doesNotContain("\tat ");
  }

  private static Ended score(Path input, Path folder, String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "score",
                "--model=" + DEMO.resolve("models/digits.onnx"),
                "--input=" + input,
                "--output=" + folder.resolve("out"),
                "--master=local[1]"));
    arguments.addAll(List.of(options));
    return execute(arguments.toArray(String[]::new));
  }

  @Test
  void demoPrintsTablesAndTheAccuracyOfTraining() throws Exception {
    Ended ended = execute("demo", "--rows=2000", "--master=local[2]");
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output())
        .contains(
            "accuracy 97.66 % (167 of 171 rows the model has not seen; in training 167 of 171)")
        .contains(
            "accuracy 98.40 % (492 of 500 rows the model has not seen; in training 492 of 500)")
        .containsPattern("rows in \\d+\\.\\d+ s: [\\d,]+ rows/s on 2 cores");
  }
}
