package io.sparkonnx.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/**
 * Tells how rows/s and the live heap change with the number of rows. Arguments are the folders of a
 * case with few and with many rows, and the number of rounds, of which the medians count. A round
 * is a query of each, one after the other, so that the JIT compiler and the machine's other users
 * weigh on both; one with many rows comes before all. The line is {@code MEASURE
 * case,rows,rows/s,rows,rows/s,ratio,heap,heap}: the greatest live heap in MB in the first and in
 * the last third of one more run with many rows.
 */
public final class GrowthMain {
  private GrowthMain() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws IOException, InterruptedException {
    BenchmarkCase few = BenchmarkCase.read(Path.of(args[0]));
    BenchmarkCase many = BenchmarkCase.read(Path.of(args[1]));
    int rounds = Integer.parseInt(args[2]);
    SparkSession session = Rounds.session("growth " + few.name());
    run(session, many);
    double[] fewRates = new double[rounds];
    double[] manyRates = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      fewRates[round] = rate(session, few);
      manyRates[round] = rate(session, many);
    }
    double fewRate = Rounds.median(fewRates);
    double manyRate = Rounds.median(manyRates);
    LiveHeap heap = LiveHeap.watch();
    run(session, many);
    List<Long> live = heap.stop();
    session.stop();
    int third = Math.max(1, live.size() / 3);
    System.out.println(
        String.format(
            Locale.ROOT,
            "MEASURE %s,%d,%.0f,%d,%.0f,%.3f,%d,%d",
            few.name(),
            few.rows(),
            fewRate,
            many.rows(),
            manyRate,
            manyRate / fewRate,
            greatest(live.subList(0, third)),
            greatest(live.subList(live.size() - third, live.size()))));
  }

  private static double rate(SparkSession session, BenchmarkCase benchmark) {
    long start = System.nanoTime();
    run(session, benchmark);
    return benchmark.rows() * 1e9 / (System.nanoTime() - start);
  }

  private static void run(SparkSession session, BenchmarkCase benchmark) {
    OursMain.query(session, benchmark).write().format("noop").mode("overwrite").save();
  }

  private static long greatest(List<Long> megabytes) {
    return megabytes.stream().mapToLong(Long::longValue).max().getAsLong();
  }
}
