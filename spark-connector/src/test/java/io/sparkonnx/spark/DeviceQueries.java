package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.gpu.DeviceFigures;
import io.sparkonnx.gpu.DeviceLeases;
import io.sparkonnx.gpu.spark.ExecutorDevices;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Rows and models for the first device of this JVM, and what is known of it. */
final class DeviceQueries {
  static final OnnxOptions GPU = OnnxOptions.NONE.device("gpu");
  static final OnnxOptions CPU = OnnxOptions.NONE.device("cpu");

  private static final int ROWS = 5000;

  private DeviceQueries() {}

  /** Two layers of random weights: rows of 16 numbers become 3. */
  static String layers(Path folder) {
    Random random = new Random(11);
    return new TestModel()
        .input("x", ElementType.FLOAT, "N", 16)
        .floats("w", gaussians(random, 16 * 32), 16, 32)
        .floats("b", gaussians(random, 32), 32)
        .floats("v", gaussians(random, 32 * 3), 32, 3)
        .node("Gemm", List.of("x", "w", "b"), List.of("h"))
        .node("Relu", List.of("h"), List.of("r"))
        .node("MatMul", List.of("r", "v"), List.of("s"))
        .node("Softmax", List.of("s"), List.of("y"), "axis", 1)
        .output("y", ElementType.FLOAT, "N", 3)
        .write(folder, "layers.onnx");
  }

  /** A model of one layer without equal among those of other biases: rows of 16 numbers. */
  static OnnxModel linear(Path folder, float bias) {
    float[] weights = gaussians(new Random(2), 16);
    return OnnxModel.load(TestModel.linear(bias, weights).write(folder, bias + ".onnx"));
  }

  static float[] gaussians(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Rows of 16 numbers in two partitions. */
  static Dataset<Row> rows(SparkSession spark) {
    return spark
        .range(0, ROWS, 1, 2)
        .selectExpr("id", "transform(sequence(1, 16), i -> float(sin(id * i))) x");
  }

  static Dataset<Row> scored(SparkSession spark, OnnxModel model, OnnxOptions options) {
    return rows(spark).select(col("id"), onnxPredict(model, options, col("x")).as("y"));
  }

  static DeviceLeases leases() {
    return ExecutorDevices.current().leases();
  }

  static String device() {
    return leases().budgets().get(0).device();
  }

  static DeviceFigures figures() {
    return leases().figures(device());
  }

  /** Whether nothing is held but models' weights, and nobody waits. */
  static boolean onlyWeightsAreHeld() {
    DeviceFigures figures = figures();
    return figures.heldBytes() == figures.residentBytes() && figures.waiting() == 0;
  }

  /** Cancels the query when {@code seen} is true, and waits for its end. */
  static void cancelWhen(SparkSession spark, BooleanSupplier seen, Dataset<Row> scored)
      throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      Future<?> job =
          pool.submit(
              () -> {
                spark.sparkContext().setJobGroup("devices", "to be cancelled", false);
                scored.write().format("noop").mode("overwrite").save();
              });
      while (!seen.getAsBoolean()) {
        assertThat(job).isNotDone();
        Thread.sleep(10);
      }
      spark.sparkContext().cancelJobGroup("devices");
      assertThatThrownBy(() -> job.get(30, TimeUnit.SECONDS)).hasMessageContaining("cancelled");
    } finally {
      pool.shutdownNow();
    }
  }

  /** Waits until tasks, which may outlive their job, have gone. */
  static void awaitEndOfTasks() throws InterruptedException {
    await(() -> SparkEnv.get().memoryManager().executionMemoryUsed() == 0);
  }

  /** Waits some seconds for something to become so. */
  static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time").isLessThan(end);
      Thread.sleep(10);
    }
  }
}
