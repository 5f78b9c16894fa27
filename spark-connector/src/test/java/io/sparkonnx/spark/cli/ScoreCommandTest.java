package io.sparkonnx.spark.cli;

import static io.sparkonnx.spark.cli.ChildJvm.DEMO;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.device.Devices;
import io.sparkonnx.gpu.spark.TestExecutorDevices;
import io.sparkonnx.spark.cli.ChildJvm.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that open a Spark session, each in a JVM of its own. */
class ScoreCommandTest {
  private static Ended execute(String... args) throws Exception {
    return ChildJvm.run(Main.class, List.of(), args);
  }

  @Test
  void scoreWritesTheRowsAndSaysHowMany(@TempDir Path folder) throws Exception {
    Path output = folder.resolve("out");
    Ended ended =
        execute(
            "score",
            "--model=" + DEMO.resolve("models/digits.onnx"),
            "--input=" + DEMO.resolve("data/digits.parquet"),
            "--output=" + output,
            "--master=local[1]",
            "--inputs=image=image");
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output())
        .containsPattern("scored 500 rows in \\S+ s \\(\\S+ rows/s\\) on cpu into ");
    assertThat(Files.exists(output.resolve("_SUCCESS"))).isTrue();
  }

  @Test
  void scoreNamesTheDeviceThatRan(@TempDir Path folder) throws Exception {
    TestExecutorDevices.require();
    Ended ended =
        execute(
            "score",
            "--model=" + DEMO.resolve("models/digits.onnx"),
            "--input=" + DEMO.resolve("data/digits.parquet"),
            "--output=" + folder.resolve("out"),
            "--master=local[1]",
            "--device=gpu",
            "--inputs=image=image");
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output()).contains(" rows/s) on " + firstDevice() + " into ");
  }

  private static String firstDevice() {
    return Devices.find().devices().get(0).id();
  }

  @Test
  void scoreRefusesAnOutputThatExistsInOneLine(@TempDir Path folder) throws Exception {
    Ended ended =
        execute(
            "score",
            "--model=" + DEMO.resolve("models/digits.onnx"),
            "--input=" + DEMO.resolve("data/digits.parquet"),
            "--output=" + folder,
            "--master=local[1]");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.output())
        .contains(
            "error [OUTPUT_EXISTS]: output " + folder + " exists; say --overwrite to replace it");
  }

  @Test
  void aFormatThatSparkDoesNotKnowIsWrongInput(@TempDir Path folder) throws Exception {
    Ended ended = score(DEMO.resolve("data/digits.parquet"), folder, "--format=xls");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.output()).contains("error [DATA_SOURCE_NOT_FOUND]: ").doesNotContain("\tat ");
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
    String image = Collections.nCopies(64, 1).toString();
    Path rows = folder.resolve("rows.json");
    Files.writeString(rows, "{\"image\":" + image + "}\n{\"image\":null}\n");
    Ended ended = score(rows, folder, "--format=json");
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output())
        .contains("error [ONNX_BAD_ROW]: onnx_predict('")
        .contains("partition 0, row 1 (row 1 of the batch): input image: column image is NULL")
        .doesNotContain("\tat ");
  }

  private static Ended score(Path input, Path folder, String option) throws Exception {
    return execute(
        "score",
        "--model=" + DEMO.resolve("models/digits.onnx"),
        "--input=" + input,
        "--output=" + folder.resolve("out"),
        "--master=local[1]",
        option);
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
