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
  void filesAndRowsOfPostgresqlAfterTwentyKillsAreThereOnceAndWereNeverSeenTwice(SparkSession spark)
      throws Exception {
    Path state = folder.resolve("state");
    Path files = folder.resolve("out");
    try (PostgresServer server = PostgresServer.start()) {
      Sink rows =
          new Sink(
              state,
              () -> spark.read().jdbc(server.url(), "scores", new java.util.Properties()),
              "{output: {format: jdbc, table: scores, state: '"
                  + state
                  + "', options: {url: '"
                  + server.url()
                  + "'}}}");
      kill(20, spark, List.of(files(spark, files), rows));
      assertThat(server.rows("SELECT tablename FROM pg_tables WHERE tablename LIKE 'spark_onnx%'"))
          .as("tables that runs were staged in")
          .isEmpty();
    }
  }

  private static Sink files(SparkSession spark, Path output) {
    return new Sink(
        output,
        () -> spark.read().parquet(output.toString()),
        "{output: {path: '" + output + "'}}");
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
          List.of(
              new Sink(
                  output,
                  () -> spark.read().format("delta").load(output.toString()),
                  "{output: {format: delta, path: '" + output + "'}}")),
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
        List.of(
            new Sink(
                state, null, "{output: {format: table, table: scores, state: '" + state + "'}}")),
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
   * Where runs go.
   *
   * @param state folder that has the records
   * @param reader of the output, or null where only the processes can read it
   * @param output of the job, in YAML
   */
  private record Sink(Path state, Reader reader, String output) {}

  /**
   * Kills processes that make runs of all sinks at once, and lets a last one make what is left.
   *
   * @param settings of the sessions
   */
  private void kill(int kills, SparkSession spark, List<Sink> sinks, String... settings)
      throws Exception {
    int runs = 2 * kills + 4;
    boolean readable = sinks.stream().allMatch(sink -> sink.reader() != null);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                model(),
                rows(spark, runs / 2),
                String.valueOf(runs),
                String.valueOf(readable ? 0 : runs / 2),
                String.valueOf(sinks.size())));
    sinks.forEach(sink -> arguments.add(sink.output()));
    arguments.addAll(List.of(settings));
    String[] command = arguments.toArray(String[]::new);
    Random random = new Random(SEED);
    int[] unfinished = new int[sinks.size()];
    for (int kill = 0; kill < kills; kill++) {
      int millis = random.nextInt(700);
      killOne(kill, kill % 2 == 0 ? sinks.get(0).state() : null, millis, command);
      for (int i = 0; i < unfinished.length; i++) {
        unfinished[i] += staged(sinks.get(i).state()) ? 1 : 0;
        if (readable) {
          KilledJobsSession.lookForWholeParts(sinks.get(i).reader().rows());
        }
      }
    }
    assertThat(unfinished).as("kills in the middle of a run, by sink").doesNotContain(0);
    ChildJvm.Ended ended = ChildJvm.run(KilledJobsSession.class, OPTIONS, command);
    assertThat(ended.output()).contains(KilledJobsSession.COMPLETE);
    assertThat(ended.status()).as(ended.output()).isZero();
    for (Sink sink : sinks) {
      if (readable) {
        KilledJobsSession.lookForAll(sink.reader().rows(), runs / 2);
      }
      assertTidy(sink.state(), runs);
    }
  }

  /**
   * Kills a process after it has made its first run.
   *
   * @param state of a sink whose next run must have begun, of which a tenth of the time passes
   *     then; or null
   * @param millis that pass
   */
  private static void killOne(int kill, Path state, int millis, String... command)
      throws Exception {
    Process process = ChildJvm.start(KilledJobsSession.class, OPTIONS, command);
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> said = new ArrayList<>();
      String line = out.readLine();
      while (line != null && !line.equals(KilledJobsSession.RUNNING)) {
        said.add(line);
        line = out.readLine();
      }
      assertThat(line).as("ended before kill %d: %s", kill, said).isNotNull();
      while (state != null && process.isAlive() && !staged(state)) {
        Thread.onSpinWait();
      }
      Thread.sleep(state == null ? millis : millis / 10);
      process.destroyForcibly().waitFor();
    }
  }

  private static boolean staged(Path state) throws Exception {
    Path staging = state.resolve("_spark_onnx/staging");
    if (!Files.exists(staging)) {
      return false;
    }
    try (Stream<Path> staged = Files.list(staging)) {
      return staged.findAny().isPresent();
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
