package io.sparkonnx.spark.score;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Makes many runs, one after the other, until it is killed or all are there. Each part of the rows
 * is scored by two runs, of which the second replaces the first.
 */
public final class KilledJobsSession {
  static final int ROWS_OF_PART = 200;

  /** Said after each run that was made; the next one begins. */
  static final String RUNNING = "running";

  /** Said when all runs are there and right. */
  static final String COMPLETE = "complete";

  private KilledJobsSession() {}

  /** The last run that is done, so that one is asked for again, or the first of all. */
  private static int firstToMake(String folder) {
    int run = 0;
    while (Files.exists(Path.of(folder, "_spark_onnx/manifests/r" + (run + 1) + ".json"))) {
      run++;
    }
    return run;
  }

  /**
   * @param args model, rows, number of runs, the number of parts that must be there at the end and
   *     are looked for before, or 0 where the caller looks, the number of outputs, these in YAML,
   *     which runs are made of at the same time, and settings of the session as KEY=VALUE
   */
  public static void main(String[] args) throws Exception {
    int runs = Integer.parseInt(args[2]);
    int parts = Integer.parseInt(args[3]);
    int outputs = Integer.parseInt(args[4]);
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.adaptive.enabled", "false")
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
            .config("spark.databricks.delta.snapshotPartitions", "1");
    for (int i = 5 + outputs; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      builder.config(args[i].substring(0, equals), args[i].substring(equals + 1));
    }
    ExecutorService threads = Executors.newFixedThreadPool(outputs);
    try (SparkSession spark = builder.getOrCreate()) {
      List<Callable<Void>> all = new ArrayList<>();
      for (int i = 0; i < outputs; i++) {
        Map<String, Object> keys =
            JobFile.merged(
                JobFile.parse(
                    "{model: '"
                        + args[0]
                        + "', input: {path: '"
                        + args[1]
                        + "'}, output: {mode: partitions, partitionBy: part}}"),
                JobFile.parse(args[5 + i]));
        all.add(
            () -> {
              makeRuns(keys, runs, parts, spark);
              return null;
            });
      }
      for (Future<Void> ended : threads.invokeAll(all)) {
        ended.get();
      }
      System.out.println(COMPLETE);
    } finally {
      threads.shutdownNow();
    }
  }

  private static void makeRuns(Map<String, Object> keys, int runs, int parts, SparkSession spark)
      throws Exception {
    JobOutput output = JobReader.read(keys).output();
    int first = firstToMake(output.folder());
    if (parts > 0 && first > 0) {
      lookForWholeParts(spark.table(output.table()));
    }
    for (int run = first; run < runs; run++) {
      JobSpec spec =
          JobReader.read(
              JobFile.merged(keys, Map.of("filter", "part = " + run / 2, "runId", "r" + run)));
      new ScoreJob(spec, spark)
          .run(
              outcome -> {
                if (!outcome.before()) {
                  System.out.println(RUNNING);
                }
              });
    }
    if (parts > 0) {
      lookForAll(spark.table(output.table()), parts);
    }
  }

  /** What a reader sees after a kill: whole parts, each of one run. */
  static void lookForWholeParts(Dataset<Row> seen) {
    check(
        seen.groupBy("part")
            .agg(
                functions.count("id").as("rows"),
                functions.min("run_id").as("first"),
                functions.max("run_id").as("last"))
            .filter("rows <> " + ROWS_OF_PART + " or first <> last"));
  }

  /** What a reader sees at the end: each part, of its second run. */
  static void lookForAll(Dataset<Row> seen, int parts) {
    lookForWholeParts(seen);
    check(seen.filter("prediction <> -float(id) or run_id <> concat('r', 2 * part + 1)"));
    if (seen.count() != (long) parts * ROWS_OF_PART) {
      throw new AssertionError(seen.count() + " rows of " + parts + " parts");
    }
  }

  private static void check(Dataset<Row> wrong) {
    if (!wrong.isEmpty()) {
      throw new AssertionError("seen: " + wrong.collectAsList());
    }
  }
}
