package io.sparkonnx.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Times one query in a process of its own: the first run is cold, the others are warm. Each is one
 * line {@code MEASURE case,rival,phase,seconds,rows} on standard output.
 */
final class Rounds {
  private Rounds() {}

  /** A query made anew for each round. */
  @FunctionalInterface
  interface Query {
    Dataset<Row> make();
  }

  /**
   * A session with two cores, started before anything is timed. Every file is a task, since opening
   * one is said to cost as much as reading the most that Spark gives a task.
   */
  static SparkSession session(String name) {
    SparkSession session =
        SparkSession.builder()
            .appName(name)
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.files.openCostInBytes", "128m")
            .getOrCreate();
    session.sparkContext().setLogLevel("ERROR");
    return session;
  }

  static void measure(BenchmarkCase benchmark, String rival, int rounds, Query query) {
    measure(
        benchmark,
        rival,
        rounds,
        () -> query.make().write().format("noop").mode("overwrite").save());
  }

  static void measure(BenchmarkCase benchmark, String rival, int rounds, Runnable work) {
    for (int round = 0; round <= rounds; round++) {
      long start = System.nanoTime();
      work.run();
      print(benchmark, rival, round == 0 ? "cold" : "warm", System.nanoTime() - start);
    }
  }

  @SuppressWarnings("SystemOut")
  static void print(BenchmarkCase benchmark, String rival, String phase, long nanos) {
    System.out.println(
        String.format(
            Locale.ROOT,
            "MEASURE %s,%s,%s,%.4f,%d",
            benchmark.name(),
            rival,
            phase,
            nanos / 1e9,
            benchmark.rows()));
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
