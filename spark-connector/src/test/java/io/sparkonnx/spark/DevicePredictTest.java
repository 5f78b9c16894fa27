package io.sparkonnx.spark;

import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.gpu.DeviceFigures;
import io.sparkonnx.gpu.DeviceLeases;
import io.sparkonnx.gpu.Lease;
import io.sparkonnx.gpu.LeaseRequest;
import io.sparkonnx.gpu.spark.ExecutorDevices;
import io.sparkonnx.gpu.spark.TestExecutorDevices;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls on an OpenCL device. */
@ExtendWith(SparkSessionExtension.class)
class DevicePredictTest {
  private static final int ROWS = 5000;
  private static final OnnxOptions GPU = OnnxOptions.NONE.device("gpu");
  private static final OnnxOptions CPU = OnnxOptions.NONE.device("cpu");

  @TempDir static Path folder;
  private static String layers;

  private final SparkSession spark = SparkSessionExtension.session();

  @BeforeAll
  static void writeModel() {
    Random random = new Random(11);
    layers =
        new TestModel()
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

  private static float[] gaussians(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @BeforeEach
  void findDevices() {
    TestExecutorDevices.require();
    TestExecutorDevices.useMemory(null);
  }

  @AfterEach
  void forgetSettings() {
    TestExecutorDevices.useMemory(null);
    spark.conf().unset(OnnxConf.DEVICE);
    spark.conf().unset(OnnxConf.DEVICE_FAILED);
    spark.conf().unset(OnnxConf.DEVICE_MISSING);
  }

  private Dataset<Row> rows() {
    return spark
        .range(0, ROWS, 1, 2)
        .selectExpr("id", "transform(sequence(1, 16), i -> float(sin(id * i))) x");
  }

  private Dataset<Row> scored(OnnxOptions options) {
    OnnxModel model = OnnxModel.load(layers);
    return rows().select(col("id"), onnxPredict(model, options, col("x")).as("y"));
  }

  private static String device() {
    return ExecutorDevices.current().leases().budgets().get(0).device();
  }

  private static String explained(Dataset<Row> frame) {
    return Evaluations.execution(frame)
        .explainString(org.apache.spark.sql.execution.FormattedMode$.MODULE$);
  }

  @Test
  void rowsGetTheBitsThatTheCpuGives() {
    Dataset<Row> there = scored(GPU);
    assertThat(there.collectAsList()).isEqualTo(scored(CPU).collectAsList());
    assertThat(Evaluations.metric(there, "numDeviceBatches")).isPositive();
  }

  @Test
  void theSettingSendsCallsToTheDevice() {
    spark.conf().set(OnnxConf.DEVICE, "gpu");
    Dataset<Row> there = scored(OnnxOptions.NONE);
    there.collectAsList();
    assertThat(Evaluations.metric(there, "numDeviceBatches")).isPositive();
  }

  @Test
  void wholeColumnsOfATableGoToTheDevice() {
    Dataset<Row> columns = rows().selectExpr("id", "float(id) a", "float(id * 2) b");
    String table = folder.resolve("columns").toString();
    columns.write().mode("overwrite").parquet(table);
    OnnxModel linear = OnnxModel.load(TestModel.linear(0.5f, 3f, -1f).write(folder, "linear.onnx"));
    Dataset<Row> stored = spark.read().parquet(table);
    Dataset<Row> there = stored.select(onnxPredict(linear, GPU, col("a"), col("b")));
    Dataset<Row> here = stored.select(onnxPredict(linear, CPU, col("a"), col("b")));
    assertThat(there.collectAsList()).isEqualTo(here.collectAsList());
  }

  @Test
  void thePlanNamesTheDevice() {
    assertThat(explained(scored(GPU))).contains("Device: gpu (asked for), " + device() + "\n");
  }

  @Test
  void metricsNameTheDeviceAndItsBytes() {
    Dataset<Row> there = scored(GPU);
    there.collectAsList();
    String name = Evaluations.of(there).get(0).metrics().apply("numDeviceBatches").name().get();
    assertThat(name).isEqualTo("number of batches on " + device());
    assertThat(Evaluations.metric(there, "peakDeviceBytes")).isPositive();
    assertThat(Evaluations.metric(there, "deviceTime")).isPositive();
  }

  @Test
  void aCallOnTheCpuHasNoMetricsOfDevices() {
    assertThat(Evaluations.of(scored(CPU)).get(0).metrics().contains("numDeviceBatches")).isFalse();
  }

  @Test
  void whenTheQueryHasEndedNoLeaseForABatchIsHeld() {
    scored(GPU).collectAsList();
    DeviceFigures figures = ExecutorDevices.current().leases().figures(device());
    assertThat(figures.heldBytes()).isEqualTo(figures.residentBytes());
    assertThat(figures.granted()).isPositive();
  }

  /** A model that no other test has compiled for other blocks. */
  private OnnxModel fresh(float bias) {
    float[] weights = gaussians(new Random(2), 16);
    return OnnxModel.load(TestModel.linear(bias, weights).write(folder, bias + ".onnx"));
  }

  private Dataset<Row> scored(OnnxModel model, OnnxOptions options) {
    return rows().select(onnxPredict(model, options, col("x")));
  }

  @Test
  void aBatchIsCutIntoBlocksThatFitIntoTheBudget() {
    TestExecutorDevices.useMemory("40k");
    OnnxModel model = fresh(1);
    Dataset<Row> there = scored(model, GPU);
    assertThat(there.collectAsList()).isEqualTo(scored(model, CPU).collectAsList());
    assertThat(Evaluations.metric(there, "numDeviceRetries")).isZero();
    assertThat(ExecutorDevices.current().leases().figures(device()).peakBytes())
        .isPositive()
        .isLessThanOrEqualTo(40 << 10);
  }

  @Test
  void aBatchThatIsTooLargeForTheBudgetRunsInHalves() {
    OnnxModel model = fresh(2);
    scored(model, GPU).limit(1).collectAsList();
    // The model stays compiled for blocks that a smaller budget has no room for.
    TestExecutorDevices.useMemory("40k");
    Dataset<Row> there = scored(model, GPU);
    assertThat(there.collectAsList()).isEqualTo(scored(model, CPU).collectAsList());
    assertThat(Evaluations.metric(there, "numDeviceRetries")).isPositive();
    DeviceFigures figures = ExecutorDevices.current().leases().figures(device());
    assertThat(figures.peakBytes()).isPositive().isLessThanOrEqualTo(40 << 10);
    assertThat(figures.retries()).isPositive();
  }

  @Test
  void aBudgetSmallerThanOneRowFailsWithTheFigures() {
    TestExecutorDevices.useMemory("2700");
    assertThatThrownBy(() -> scored(GPU).collectAsList())
        .hasStackTraceContaining("[ONNX_LIMIT]")
        .hasStackTraceContaining("has a budget of 2,700 bytes of its")
        .hasStackTraceContaining("of which weights take");
  }

  @Test
  void aBudgetSmallerThanTheWeightsFailsWithTheFigures() {
    TestExecutorDevices.useMemory("1000");
    assertThatThrownBy(() -> scored(GPU).collectAsList())
        .hasStackTraceContaining("[ONNX_DEVICE]")
        .hasStackTraceContaining("has a budget of 1,000 bytes of its");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000", "2700"})
  void byPolicyRowsThatTheBudgetHasNoRoomForRunOnTheCpu(String bytes) {
    TestExecutorDevices.useMemory(bytes);
    spark.conf().set(OnnxConf.DEVICE_FAILED, "cpu");
    assertThat(scored(GPU).collectAsList()).isEqualTo(scored(CPU).collectAsList());
  }

  @Test
  void aDeviceInQuarantineFailsTheTask() {
    ExecutorDevices.current().leases().quarantine(device(), "it was lost");
    assertThatThrownBy(() -> scored(GPU).collectAsList())
        .hasStackTraceContaining("[ONNX_DEVICE]")
        .hasStackTraceContaining("failed (it was lost)");
  }

  @Test
  void byPolicyTasksGoOnOnTheCpuWhenTheDeviceIsLost() throws Exception {
    spark.conf().set(OnnxConf.DEVICE_FAILED, "cpu");
    scored(GPU).limit(1).collectAsList();
    DeviceLeases leases = ExecutorDevices.current().leases();
    Dataset<Row> there = scored(GPU);
    List<Row> rows;
    try (Lease all = leases.acquire(LeaseRequest.of(device(), freeBytes(), 0))) {
      Future<List<Row>> job = CompletableFuture.supplyAsync(there::collectAsList);
      while (leases.waiting() < 2) {
        assertThat(job).isNotDone();
        Thread.sleep(10);
      }
      leases.quarantine(all.device(), "it was lost");
      rows = job.get(60, TimeUnit.SECONDS);
    }
    assertThat(rows).isEqualTo(scored(CPU).collectAsList());
    assertThat(Evaluations.metric(there, "numMovedBatches"))
        .isEqualTo(Evaluations.metric(there, "numBatches"))
        .isPositive();
  }

  private static long freeBytes() {
    DeviceFigures figures = ExecutorDevices.current().leases().figures(device());
    return figures.budgetBytes() - figures.heldBytes();
  }

  @Test
  void withoutADeviceTheQueryFails() {
    TestExecutorDevices.useNone("OpenCL lists no device");
    assertThatThrownBy(() -> scored(GPU).collectAsList())
        .isInstanceOf(AnalysisException.class)
        .hasMessage(
            "[ONNX_DEVICE] a GPU is asked for and there is none: OpenCL lists no device SQLSTATE:"
                + " 58000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"warn", "cpu"})
  void byPolicyTheQueryRunsOnTheCpuWithoutADevice(String policy) {
    TestExecutorDevices.useNone("OpenCL lists no device");
    spark.conf().set(OnnxConf.DEVICE_MISSING, policy);
    Dataset<Row> there = scored(GPU);
    assertThat(there.collectAsList()).isEqualTo(scored(CPU).collectAsList());
    assertThat(explained(there))
        .contains("Device: cpu (a GPU is asked for and there is none: OpenCL lists no device)");
  }

  /** Cancels the query when {@code seen} is true, and waits for its end. */
  private void cancelWhen(BooleanSupplier seen, Dataset<Row> scored) throws Exception {
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
  private static void awaitEndOfTasks() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (SparkEnv.get().memoryManager().executionMemoryUsed() > 0 && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertThat(SparkEnv.get().memoryManager().executionMemoryUsed()).isZero();
  }

  @Test
  void tasksThatAreKilledWhileTheyWaitLeaveNothing() throws Exception {
    scored(GPU).limit(1).collectAsList();
    DeviceLeases leases = ExecutorDevices.current().leases();
    DeviceFigures before = leases.figures(device());
    try (Lease all = leases.acquire(LeaseRequest.of(device(), freeBytes(), 0))) {
      assertThat(all.bytes()).isPositive();
      cancelWhen(() -> leases.waiting() == 2, scored(GPU));
      awaitEndOfTasks();
      assertThat(leases.waiting()).isZero();
    }
    assertThat(leases.figures(device()).heldBytes()).isEqualTo(before.heldBytes());
  }

  @Test
  void tasksThatAreKilledWhileTheyRunLeaveNothing() throws Exception {
    DeviceLeases leases = ExecutorDevices.current().leases();
    OnnxModel slow = OnnxModel.load(slowModel());
    Dataset<Row> scored =
        spark
            .range(0, 200_000, 1, 2)
            .selectExpr("array_repeat(float(id), 256) x")
            .select(onnxPredict(slow, GPU, col("x")));
    cancelWhen(() -> leases.figures(device()).leases() > 2, scored);
    awaitEndOfTasks();
    DeviceFigures after = leases.figures(device());
    assertThat(after.heldBytes()).isEqualTo(after.residentBytes());
    assertThat(scored(GPU).collectAsList()).isEqualTo(scored(CPU).collectAsList());
  }

  private static String slowModel() {
    TestModel model =
        new TestModel()
            .input("x", ElementType.FLOAT, "N", 256)
            .floats("w", gaussians(new Random(1), 256 * 256), 256, 256);
    String value = "x";
    for (int layer = 0; layer < 40; layer++) {
      model.node("MatMul", List.of(value, "w"), List.of("h" + layer));
      value = "h" + layer;
    }
    return model
        .node("Tanh", List.of(value), List.of("y"))
        .output("y", ElementType.FLOAT, "N", 256)
        .write(folder, "slow.onnx");
  }
}
