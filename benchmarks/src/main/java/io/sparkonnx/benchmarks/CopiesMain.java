package io.sparkonnx.benchmarks;

import io.sparkonnx.spark.OnnxConf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Tells what {@code onnx_predict} copies and allocates, at two sizes of batches and with columns
 * and rows below it. The argument is the folder of a case; each line is {@code COPIES
 * case,child,}{@link Copies#line}. Allocations are complete with {@code -XX:-UseTLAB}.
 */
public final class CopiesMain {
  private static final List<Integer> BATCHES = List.of(1024, 4096);

  private CopiesMain() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws IOException {
    BenchmarkCase benchmark = BenchmarkCase.read(Path.of(args[0]));
    SparkSession session = session("copies " + benchmark.name());
    for (boolean columnar : new boolean[] {true, false}) {
      for (int batch : BATCHES) {
        session.conf().set("spark.sql.parquet.columnarReaderBatchSize", batch);
        session.conf().set(OnnxConf.BATCH_SIZE, batch);
        Copies copies = Copies.measure(session, benchmark, twoFiles(benchmark), columnar);
        String child = columnar ? "columns" : "rows";
        System.out.println("MEASURE " + benchmark.name() + "," + child + "," + copies.line());
      }
    }
    session.stop();
  }

  /** One task reads all files. */
  static SparkSession session(String name) {
    SparkSession session =
        SparkSession.builder()
            .appName(name)
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.adaptive.enabled", "false")
            .config("spark.sql.files.maxPartitionBytes", "100g")
            .getOrCreate();
    session.sparkContext().setLogLevel("ERROR");
    return session;
  }

  private static List<String> twoFiles(BenchmarkCase benchmark) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(benchmark.rowsFile()))) {
      return files
          .map(Path::toString)
          .filter(name -> name.endsWith(".parquet"))
          .sorted()
          .limit(2)
          .toList();
    }
  }
}
