package io.sparkonnx.spark;

import static io.sparkonnx.spark.DeviceQueries.CPU;
import static io.sparkonnx.spark.DeviceQueries.GPU;
import static io.sparkonnx.spark.DeviceQueries.await;
import static io.sparkonnx.spark.DeviceQueries.awaitEndOfTasks;
import static io.sparkonnx.spark.DeviceQueries.cancelWhen;
import static io.sparkonnx.spark.DeviceQueries.device;
import static io.sparkonnx.spark.DeviceQueries.figures;
import static io.sparkonnx.spark.DeviceQueries.gaussians;
import static io.sparkonnx.spark.DeviceQueries.leases;
import static io.sparkonnx.spark.DeviceQueries.linear;
import static io.sparkonnx.spark.functions.onnxPredict;
import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.tensor.ElementType;
import io.sparkonnx.gpu.DeviceFigures;
import io.sparkonnx.gpu.DeviceLeases;
import io.sparkonnx.gpu.Lease;
import io.sparkonnx.gpu.LeaseRequest;
import io.sparkonnx.gpu.spark.TestExecutorDevices;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
  @TempDir static Path folder;
  private static String layers;

  private final SparkSession spark = SparkSessionExtension.session();

  @BeforeAll
  static void writeModel() {
    layers = DeviceQueries.layers(folder);
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

  private Dataset<Row> scored(OnnxOptions options) {
    return scored(OnnxModel.load(layers), options);
  }

  private Dataset<Row> scored(OnnxModel model, OnnxOptions options) {
    return DeviceQueries.scored(spark, model, options);
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
    Dataset<Row> columns =
        DeviceQueries.rows(spark).selectExpr("id", "float(id) a", "float(id * 2) b");
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
    DeviceFigures figures = figures();
    assertThat(figures.heldBytes()).isEqualTo(figures.residentBytes());
    assertThat(figures.granted()).isPositive();
  }

  @Test
  void aBatchIsCutIntoBlocksThatFitIntoTheBudget() {
    TestExecutorDevices.useMemory("40k");
    OnnxModel model = linear(folder, 1);
    Dataset<Row> there = scored(model, GPU);
    assertThat(there.collectAsList()).isEqualTo(scored(model, CPU).collectAsList());
    assertThat(Evaluations.metric(there, "numDeviceRetries")).isZero();
    assertThat(figures().peakBytes()).isPositive().isLessThanOrEqualTo(40 << 10);
  }

  @Test
  void aBatchThatWeightsOfOthersLeaveNoRoomForRunsInHalves() throws Exception {
    TestExecutorDevices.useMemory("40k");
    OnnxModel model = linear(folder, 2);
    Dataset<Row> there = scored(model, GPU);
    try (Lease weights = leases().acquire(LeaseRequest.resident(device(), 36 << 10))) {
      assertThat(weights.bytes()).isPositive();
      assertThat(there.collectAsList()).isEqualTo(scored(model, CPU).collectAsList());
    }
    assertThat(Evaluations.metric(there, "numDeviceRetries")).isPositive();
    assertThat(figures().peakBytes()).isPositive().isLessThanOrEqualTo(40 << 10);
    assertThat(figures().retries()).isPositive();
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
    leases().quarantine(device(), "it was lost");
    assertThatThrownBy(() -> scored(GPU).collectAsList())
        .hasStackTraceContaining("[ONNX_DEVICE]")
        .hasStackTraceContaining("failed (it was lost)");
  }

  @Test
  void byPolicyTasksGoOnOnTheCpuWhenTheDeviceIsLost() throws Exception {
    spark.conf().set(OnnxConf.DEVICE_FAILED, "cpu");
    scored(GPU).limit(1).collectAsList();
    DeviceLeases leases = leases();
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
    DeviceFigures figures = figures();
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

  @Test
  void tasksThatAreKilledWhileTheyWaitLeaveNothing() throws Exception {
    scored(GPU).limit(1).collectAsList();
    DeviceLeases leases = leases();
    DeviceFigures before = figures();
    try (Lease all = leases.acquire(LeaseRequest.of(device(), freeBytes(), 0))) {
      assertThat(all.bytes()).isPositive();
      cancelWhen(spark, () -> leases.waiting() == 2, scored(GPU));
      awaitEndOfTasks();
      assertThat(leases.waiting()).isZero();
    }
    assertThat(figures().heldBytes()).isEqualTo(before.heldBytes());
  }

  @Test
  void tasksThatAreKilledWhileTheyRunLeaveNothing() throws Exception {
    OnnxModel slow = OnnxModel.load(slowModel());
    Dataset<Row> scored =
        spark
            .range(0, 200_000, 1, 2)
            .selectExpr("array_repeat(float(id), 256) x")
            .select(onnxPredict(slow, GPU, col("x")));
    cancelWhen(spark, () -> figures().leases() > 2, scored);
    awaitEndOfTasks();
    await(DeviceQueries::onlyWeightsAreHeld);
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
