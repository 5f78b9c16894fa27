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
 * A process that makes runs ({@link KilledJobsSession}) is killed at random moments and started
 * again. After each kill somebody looks at what a reader sees.
 */
@ExtendWith(SparkSessionExtension.class)
class KilledJobsIT {
  private static final long SEED = 20_261_101;

  /** A process that lives for a few runs need not be compiled well. */
  private static final List<String> OPTIONS =
      List.of("-Xmx700m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");

  @TempDir Path folder;

  private String model() {
    return new TestModel()
        .input("x", ElementType.FLOAT, "N")
        .node("Neg", List.of("x"), List.of("y"))
        .output("y", ElementType.FLOAT, "N")
        .write(folder, "negative.onnx");
  }

  private String rows(SparkSession spark, int parts) {
    String rows = folder.resolve("rows").toString();
    spark
        .range(0, (long) parts * KilledJobsSession.ROWS_OF_PART, 1, 2)
        .selectExpr("id", "float(id) AS x", "id % " + parts + " AS part")
        .write()
        .parquet(rows);
    return rows;
  }

  @Test
  void filesAfterTwentyKillsAreThereOnceAndWereNeverSeenTwice(SparkSession spark) throws Exception {
    Path output = folder.resolve("out");
    Reader reader = () -> spark.read().parquet(output.toString());
    kill(20, spark, output, reader, "{output: {path: '" + output + "'}}");
  }

  @Test
  void rowsOfPostgresqlAfterTwentyKillsAreThereOnceAndWereNeverSeenTwice(SparkSession spark)
      throws Exception {
    Path state = folder.resolve("state");
    try (PostgresServer server = PostgresServer.start()) {
      Reader reader = () -> spark.read().jdbc(server.url(), "scores", new java.util.Properties());
      kill(
          20,
          spark,
          state,
          reader,
          "{output: {format: jdbc, table: scores, state: '"
              + state
              + "', options: {url: '"
              + server.url()
              + "'}}}");
      assertThat(server.rows("SELECT tablename FROM pg_tables WHERE tablename LIKE 'spark_onnx%'"))
          .as("tables that runs were staged in")
          .isEmpty();
    }
  }

  @Test
  void rowsOfDeltaAfterThreeKillsAreThereOnceAndWereNeverSeenTwice(SparkSession shared)
      throws Exception {
    Path output = folder.resolve("out");
    SparkSession spark = DeltaOutputTest.deltaSession();
    try {
      kill(
          3,
          spark,
          output,
          () -> spark.read().format("delta").load(output.toString()),
          "{output: {format: delta, path: '" + output + "'}}",
          "spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension",
          "spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog");
    } finally {
      SparkSession.setActiveSession(shared);
    }
  }

  /** A catalog that outlives the process, Hive's metastore; the process itself looks. */
  @Test
  void rowsOfAManagedTableAfterThreeKillsAreThereOnceAndWereNeverSeenTwice(SparkSession spark)
      throws Exception {
    Path state = folder.resolve("state");
    kill(
        3,
        spark,
        state,
        null,
        "{output: {format: table, table: scores, state: '" + state + "'}}",
        "spark.sql.catalogImplementation=hive",
        "spark.sql.warehouse.dir=" + folder.resolve("warehouse"),
        "spark.hadoop.datanucleus.schema.autoCreateAll=true",
        "spark.hadoop.hive.metastore.schema.verification=false",
        "spark.hadoop.javax.jdo.option.ConnectionURL=jdbc:derby:;databaseName="
            + folder.resolve("metastore")
            + ";create=true");
  }

  /** Reads an output. */
  private interface Reader {
    Dataset<Row> rows();
  }

  /**
   * Kills processes and lets a last one make what is left.
   *
   * @param state folder that has the records
   * @param reader of the output, or null where only the processes can read it
   * @param output of the job, in YAML
   * @param settings of the sessions
   */
  private void kill(
      int kills, SparkSession spark, Path state, Reader reader, String output, String... settings)
      throws Exception {
    int runs = 2 * kills + 4;
    List<String> arguments =
        new ArrayList<>(
            List.of(
                model(),
                rows(spark, runs / 2),
                output,
                String.valueOf(runs),
                String.valueOf(reader == null ? runs / 2 : 0)));
    arguments.addAll(List.of(settings));
    String[] command = arguments.toArray(String[]::new);
    Random random = new Random(SEED);
    int unfinished = 0;
    for (int kill = 0; kill < kills; kill++) {
      killOne(kill, random.nextInt(700), command);
      unfinished += staged(state);
      if (reader != null) {
        KilledJobsSession.lookForWholeParts(reader.rows());
      }
    }
    assertThat(unfinished).as("kills in the middle of a run").isPositive();
    ChildJvm.Ended ended = ChildJvm.run(KilledJobsSession.class, OPTIONS, command);
    assertThat(ended.output()).contains(KilledJobsSession.COMPLETE);
    assertThat(ended.status()).as(ended.output()).isZero();
    if (reader != null) {
      KilledJobsSession.lookForAll(reader.rows(), runs / 2);
    }
    assertTidy(state, runs);
  }

  /** Kills a process some time after it has made its first run. */
  private static void killOne(int kill, int millis, String... command) throws Exception {
    Process process = ChildJvm.start(KilledJobsSession.class, OPTIONS, command);
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> said = new ArrayList<>();
      String line = out.readLine();
      while (line != null && !line.equals(KilledJobsSession.RUNNING)) {
        said.add(line);
        line = out.readLine();
      }
      assertThat(line).as("ended before kill %d: %s", kill, said).isNotNull();
      Thread.sleep(millis);
      process.destroyForcibly().waitFor();
    }
  }

  private static int staged(Path state) throws Exception {
    try (Stream<Path> staged = Files.list(state.resolve("_spark_onnx/staging"))) {
      return (int) Math.min(1, staged.count());
    }
  }

  private static void assertTidy(Path state, int runs) throws Exception {
    assertThat(state.resolve("_spark_onnx/lock")).doesNotExist();
    assertThat(state.resolve("_spark_onnx/staging")).isEmptyDirectory();
    try (Stream<Path> manifests = Files.list(state.resolve("_spark_onnx/manifests"))) {
      assertThat(manifests.filter(file -> file.toString().endsWith(".json"))).hasSize(runs);
    }
  }
}
