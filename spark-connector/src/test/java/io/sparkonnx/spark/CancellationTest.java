package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static io.sparkonnx.spark.functions.tryOnnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparkonnx.engine.tensor.ElementType;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.util.ArrowUtils$;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tasks that are killed while a model runs. */
@ExtendWith(SparkSessionExtension.class)
class CancellationTest {
  private static final int WIDTH = 256;
  private static final int LAYERS = 400;

  @TempDir Path folder;

  /** Many layers over the same weights: a batch of 4096 rows takes seconds. */
  private String slowModel() {
    float[] weights = new float[WIDTH * WIDTH];
    Arrays.fill(weights, 1f / WIDTH);
    TestModel model =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", WIDTH)
            .floats("w", weights, WIDTH, WIDTH);
    String value = "x";
    for (int layer = 0; layer < LAYERS; layer++) {
      model.node("MatMul", List.of(value, "w"), List.of("h" + layer));
      value = "h" + layer;
    }
    return model
        .node("Identity", List.of(value), List.of("y"))
        .output("y", ElementType.FLOAT, "N", WIDTH)
        .write(folder, "slow.onnx");
  }

  private static final class TaskTimes extends SparkListener {
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean killed;

    @Override
    public void onTaskStart(SparkListenerTaskStart event) {
      started.countDown();
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
      killed = event.reason() instanceof TaskKilled;
      ended.countDown();
    }
  }

  /**
   * Counts the processor time that the task's thread takes after the kill: the time of day would
   * count what others do on the machine as well.
   */
  @ParameterizedTest
  @CsvSource({
    "rows, true",
    "rows, false",
    "parquet, true",
    "parquet, false",
    "arrow, true",
    "arrow, false"
  })
  void aKilledTaskStopsWithinASecondAndGivesItsMemoryBack(String child, boolean lenient)
      throws Exception {
    SparkSession spark = SparkSessionExtension.session();
    String model = slowModel();
    Dataset<Row> rows = child.equals("rows") ? rows(spark) : stored(spark, child);
    Dataset<Row> scored =
        rows.select(lenient ? tryOnnxPredict(model, col("v")) : onnxPredict(model, col("v")));
    assertThat(Evaluations.of(scored))
        .allMatch(node -> node.supportsColumnar() == !child.equals("rows"));
    long vectors = ArrowUtils$.MODULE$.rootAllocator().getAllocatedMemory();
    long nanos = nanosAfterKill(spark, scored);
    assertThat(ArrowUtils$.MODULE$.rootAllocator().getAllocatedMemory()).isEqualTo(vectors);
    assertThat(nanos).isPositive().isLessThan(TimeUnit.SECONDS.toNanos(1));
  }

  private static Dataset<Row> rows(SparkSession spark) {
    return spark.range(0, 20_000, 1, 1).selectExpr("array_repeat(float(id), " + WIDTH + ") v");
  }

  @AfterEach
  void removeSetting() {
    SparkSessionExtension.session().conf().unset("spark.sql.files.minPartitionNum");
  }

  /** The rows in one file and task, whose columns are read as they are. */
  private Dataset<Row> stored(SparkSession spark, String format) {
    String path = folder.resolve(format).toString();
    spark.conf().set("spark.sql.files.minPartitionNum", "1");
    rows(spark).write().format(format).save(path);
    return spark.read().format(format).load(path);
  }

  private static long nanosAfterKill(SparkSession spark, Dataset<Row> scored) throws Exception {
    TaskTimes times = new TaskTimes();
    spark.sparkContext().addSparkListener(times);
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      Future<?> job = pool.submit(() -> score(spark, scored));
      assertThat(times.started.await(120, TimeUnit.SECONDS)).isTrue();
      Thread.sleep(2000);
      assertThat(job).isNotDone();
      long thread = taskThread();
      long weights = StorageMemory.ofWeights();
      long before = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread);
      spark.sparkContext().cancelJobGroup("slow");
      assertThat(times.ended.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(times.killed).isTrue();
      assertThat(SparkEnv.get().memoryManager().executionMemoryUsed()).isZero();
      assertThat(StorageMemory.ofWeights()).isPositive().isEqualTo(weights);
      return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread) - before;
    } finally {
      pool.shutdownNow();
      spark.sparkContext().removeSparkListener(times);
    }
  }

  /** The thread of the one task that runs. */
  private static long taskThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("Executor task launch worker for task"))
        .mapToLong(Thread::getId)
        .findFirst()
        .getAsLong();
  }

  private static void score(SparkSession spark, Dataset<Row> scored) {
    spark.sparkContext().setJobGroup("slow", "slow model", false);
    scored.write().format("noop").mode("overwrite").save();
  }
}
