package io.sparkonnx.spark.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.spark.SparkSessionExtension;
import io.sparkonnx.spark.TestModel;
import io.sparkonnx.spark.cli.ChildJvm;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that makes runs is killed 20 times at random moments and started again. Each part of
 * the rows is scored by two runs, of which the second replaces the first.
 */
@ExtendWith(SparkSessionExtension.class)
class KilledJobsIT {
  private static final int KILLS = 20;
  private static final int PARTS = KilledJobsSession.RUNS / 2;
  private static final int ROWS_OF_PART = 200;
  private static final long SEED = 20_261_101;

  /** A process that lives for a few runs need not be compiled well. */
  private static final List<String> OPTIONS = List.of("-Xmx600m", "-XX:TieredStopAtLevel=1");

  @TempDir Path folder;

  private String model() {
    return new TestModel()
        .input("x", ElementType.FLOAT, "N")
        .node("Neg", List.of("x"), List.of("y"))
        .output("y", ElementType.FLOAT, "N")
        .write(folder, "negative.onnx");
  }

  private Path rows(SparkSession spark) {
    Path rows = folder.resolve("rows");
    spark
        .range(0, (long) PARTS * ROWS_OF_PART, 1, 2)
        .selectExpr("id", "float(id) AS x", "id % " + PARTS + " AS part")
        .write()
        .parquet(rows.toString());
    return rows;
  }

  @Test
  void afterTwentyKillsAllRowsAreThereOnceAndNothingWasEverSeenTwice(SparkSession spark)
      throws Exception {
    Path output = folder.resolve("out");
    String[] arguments = {model(), rows(spark).toString(), output.toString()};
    Random random = new Random(SEED);
    int unfinished = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = ChildJvm.start(KilledJobsSession.class, OPTIONS, arguments);
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        List<String> said = new ArrayList<>();
        String line = out.readLine();
        while (line != null && !line.equals(KilledJobsSession.RUNNING)) {
          said.add(line);
          line = out.readLine();
        }
        assertThat(line).as("ended before kill %d: %s", kill, said).isNotNull();
        Thread.sleep(random.nextInt(700));
        process.destroyForcibly().waitFor();
      }
      unfinished += staged(output);
      assertSeenOnce(spark, output, kill);
    }
    assertThat(unfinished).as("kills in the middle of a run").isPositive();
    ChildJvm.Ended ended = ChildJvm.run(KilledJobsSession.class, OPTIONS, arguments);
    assertThat(ended.status()).as(ended.output()).isZero();
    assertComplete(spark, output);
  }

  private static int staged(Path output) throws Exception {
    try (Stream<Path> staged = Files.list(output.resolve("_spark_onnx/staging"))) {
      return (int) Math.min(1, staged.count());
    }
  }

  /** What a reader sees after a kill: whole parts, each of one run. */
  private static void assertSeenOnce(SparkSession spark, Path output, int kill) {
    Dataset<Row> seen = spark.read().parquet(output.toString());
    assertThat(seen.groupBy("part").count().filter("count <> " + ROWS_OF_PART).collectAsList())
        .as("parts that are not whole, or twice, after kill %d", kill)
        .isEmpty();
    assertThat(seen.select("id").distinct().count()).isEqualTo(seen.count());
  }

  private static void assertComplete(SparkSession spark, Path output) throws Exception {
    Dataset<Row> seen = spark.read().parquet(output.toString());
    assertThat(seen.count()).isEqualTo((long) PARTS * ROWS_OF_PART);
    assertThat(seen.filter("prediction = -float(id)").count()).isEqualTo(seen.count());
    assertThat(output.resolve("_spark_onnx/lock")).doesNotExist();
    assertThat(output.resolve("_spark_onnx/staging")).isEmptyDirectory();
    try (Stream<Path> manifests = Files.list(output.resolve("_spark_onnx/manifests"))) {
      assertThat(manifests.filter(file -> file.toString().endsWith(".json")))
          .hasSize(KilledJobsSession.RUNS);
    }
  }
}
