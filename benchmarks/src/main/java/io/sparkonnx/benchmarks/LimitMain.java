package io.sparkonnx.benchmarks;

import static org.apache.spark.sql.functions.col;

import io.sparkonnx.engine.Model;
import io.sparkonnx.engine.Session;
import io.sparkonnx.engine.tensor.OnnxValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;

/**
 * Times what no query can beat: the scan alone and the engine alone on the same rows, with two
 * threads. Arguments are the folder of a case and the number of rounds.
 */
public final class LimitMain {
  private static final int THREADS = 2;

  private LimitMain() {}

  public static void main(String[] args) throws Exception {
    BenchmarkCase benchmark = BenchmarkCase.read(Path.of(args[0]));
    int rounds = Integer.parseInt(args[1]);
    SparkSession session = Rounds.session("limit " + benchmark.name());
    Column[] columns = benchmark.columns().stream().map(name -> col(name)).toArray(Column[]::new);
    Runnable scan = () -> scan(session.read().parquet(benchmark.rowsFile()).select(columns));
    Rounds.measure(benchmark, "scan", rounds, scan);
    List<Map<String, OnnxValue>> batches = Batches.read(session, benchmark);
    session.stop();
    engine(benchmark, rounds, batches);
  }

  /** Reads the columns, and makes no rows of them. */
  private static void scan(Dataset<Row> rows) {
    SparkPlan scan = rows.queryExecution().executedPlan().collectLeaves().head();
    scan.executeColumnar()
        .toJavaRDD()
        .foreachPartition(
            batches -> {
              while (batches.hasNext()) {
                batches.next();
              }
            });
  }

  private static void engine(
      BenchmarkCase benchmark, int rounds, List<Map<String, OnnxValue>> batches)
      throws IOException, InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (Model model = Model.load(Path.of(benchmark.model()));
        Session first = model.newSession();
        Session second = model.newSession()) {
      List<Session> sessions = List.of(first, second);
      for (int round = 0; round <= rounds; round++) {
        long start = System.nanoTime();
        List<Callable<Void>> halves =
            Stream.of(0, 1)
                .<Callable<Void>>map(half -> () -> run(sessions.get(half), batches, half))
                .toList();
        for (var half : threads.invokeAll(halves)) {
          half.get();
        }
        Rounds.print(benchmark, "engine", round == 0 ? "cold" : "warm", System.nanoTime() - start);
      }
    } finally {
      threads.shutdown();
    }
  }

  private static Void run(Session session, List<Map<String, OnnxValue>> batches, int half) {
    for (int i = half; i < batches.size(); i += THREADS) {
      session.run(batches.get(i));
    }
    return null;
  }
}
