package io.sparkonnx.spark;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A session whose tasks have two cores; tells how calls used them. The argument is a model. */
public final class TaskCoresSession {
  static final String THREADS_TOOK_PART = "THREADS TOOK PART ";
  static final String SAME_RESULTS = "SAME RESULTS ";
  static final String REFUSED = "REFUSED ";

  private static final int TRIES = 100;

  private TaskCoresSession() {}

  private static String call(String model, String options) {
    return "onnx_predict('" + model + "', xs" + options + ") y";
  }

  /**
   * Whether a thread of a session's rows is seen while {@code scored} runs, in one of some runs.
   */
  private static boolean threadsTakePart(Dataset<Row> scored) throws InterruptedException {
    AtomicBoolean seen = new AtomicBoolean();
    AtomicBoolean over = new AtomicBoolean();
    Thread watch =
        new Thread(
            () -> {
              while (!over.get() && !seen.get()) {
                seen.set(
                    Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread.getName().equals("spark-onnx rows")));
              }
            });
    watch.start();
    for (int i = 0; i < TRIES && !seen.get(); i++) {
      scored.collectAsList();
    }
    over.set(true);
    watch.join();
    return seen.get();
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws Exception {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.task.cpus", "2")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.extensions", OnnxExtensions.class.getName())
            .getOrCreate();
    spark.sparkContext().setLogLevel("OFF");
    Dataset<Row> rows =
        spark
            .range(0, 20_000, 1, 1)
            .selectExpr("id", "transform(sequence(1, 64), i -> float(sin(id * i))) xs");
    Dataset<Row> cores = rows.selectExpr(call(args[0], ""));
    Dataset<Row> alone = rows.selectExpr(call(args[0], ", named_struct('threads', 1)"));
    System.out.println(THREADS_TOOK_PART + "alone " + threadsTakePart(alone.limit(2000)));
    System.out.println(THREADS_TOOK_PART + "by default " + threadsTakePart(cores));
    List<Row> expected = alone.collectAsList();
    System.out.println(SAME_RESULTS + cores.collectAsList().equals(expected));
    try {
      rows.selectExpr(call(args[0], ", named_struct('threads', 3)"));
    } catch (Exception e) {
      System.out.println(REFUSED + e.getMessage());
    }
    spark.stop();
  }
}
