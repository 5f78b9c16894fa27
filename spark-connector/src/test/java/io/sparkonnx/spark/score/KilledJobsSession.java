package io.sparkonnx.spark.score;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Makes many runs, one after the other, until it is killed or all are there. */
public final class KilledJobsSession {
  static final int RUNS = 44;

  /** Said after each run that was made; the next one begins. */
  static final String RUNNING = "running";

  private KilledJobsSession() {}

  /** The last run that is done, so that one is asked for again, or the first of all. */
  private static int firstToMake(Path output) {
    int run = 0;
    while (Files.exists(output.resolve("_spark_onnx/manifests/r" + (run + 1) + ".json"))) {
      run++;
    }
    return run;
  }

  /**
   * @param args model, rows and output
   */
  public static void main(String[] args) throws Exception {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate()) {
      for (int run = firstToMake(Path.of(args[2])); run < RUNS; run++) {
        JobSpec spec =
            JobReader.read(
                Map.of(
                    "model",
                    args[0],
                    "input",
                    Map.of("path", args[1]),
                    "output",
                    Map.of(
                        "path", args[2],
                        "mode", "partitions",
                        "partitionBy", "part"),
                    "filter",
                    "part = " + run / 2,
                    "runId",
                    "r" + run));
        new ScoreJob(spec, spark)
            .run(
                outcome -> {
                  if (!outcome.before()) {
                    System.out.println(RUNNING);
                  }
                });
      }
    }
  }
}
