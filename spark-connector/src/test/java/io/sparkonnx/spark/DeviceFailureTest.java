package io.sparkonnx.spark;

import static io.sparkonnx.spark.DeviceQueries.CPU;
import static io.sparkonnx.spark.DeviceQueries.GPU;
import static io.sparkonnx.spark.DeviceQueries.await;
import static io.sparkonnx.spark.DeviceQueries.awaitEndOfTasks;
import static io.sparkonnx.spark.DeviceQueries.cancelWhen;
import static io.sparkonnx.spark.DeviceQueries.device;
import static io.sparkonnx.spark.DeviceQueries.figures;
import static io.sparkonnx.spark.DeviceQueries.leases;
import static io.sparkonnx.spark.DeviceQueries.onlyWeightsAreHeld;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.engine.device.Device;
import io.sparkonnx.engine.device.DeviceException;
import io.sparkonnx.engine.device.FaultyDriver;
import io.sparkonnx.engine.device.FaultyDriver.Fault;
import io.sparkonnx.gpu.Lease;
import io.sparkonnx.gpu.LeaseRequest;
import io.sparkonnx.gpu.spark.TestExecutorDevices;
import io.sparkonnx.spark.device.TestOpenDevices;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries of two tasks on a device that fails under them. */
@Timeout(120)
@ExtendWith(SparkSessionExtension.class)
class DeviceFailureTest {
  private static final int MEM_OBJECT_ALLOCATION_FAILURE = -4;
  private static final int OUT_OF_RESOURCES = -5;
  private static final int ATTEMPTS = 3;

  @TempDir static Path folder;

  private final SparkSession spark = SparkSessionExtension.session();
  private final FaultyDriver driver = new FaultyDriver();
  private OnnxModel model;
  private List<Row> expected;
  private Device device;

  @BeforeEach
  void useFaultyDevice() throws Exception {
    TestExecutorDevices.require();
    TestExecutorDevices.useMemory(null);
    model = OnnxModel.load(DeviceQueries.layers(folder));
    expected = scored(CPU).collectAsList();
    device = driver.open();
    TestOpenDevices.use(device);
  }

  @AfterEach
  void useRealDevice() throws Exception {
    driver.resume();
    TestOpenDevices.forget(device);
    device.close();
    spark.conf().unset(OnnxConf.DEVICE_FAILED);
    SparkEnv.get().conf().remove(OnnxConf.GPU_TIMEOUT);
    TestExecutorDevices.useMemory(null);
  }

  private Dataset<Row> scored(OnnxOptions options) {
    return DeviceQueries.scored(spark, model, options);
  }

  private void useTimeout(String limit) {
    SparkEnv.get().conf().set(OnnxConf.GPU_TIMEOUT, limit);
  }

  /** The device holds what the leases count, at most, and in the end nothing. */
  private void nothingIsLeft() throws InterruptedException {
    awaitEndOfTasks();
    await(DeviceQueries::onlyWeightsAreHeld);
    assertThat(device.bytes()).isLessThanOrEqualTo(figures().heldBytes());
    TestOpenDevices.forget(device);
    assertThat(figures().heldBytes()).isZero();
    assertThat(device.bytes()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "ALLOCATION, 1",
    "ALLOCATION, 2",
    "ALLOCATION, 4",
    "ALLOCATION, 6",
    "COMMITMENT, 1",
    "COMMITMENT, 3",
    "COMMITMENT, 7"
  })
  void rowsThatMemoryIsMissingForAtAnAllocationRunInHalves(Fault fault, int n) throws Exception {
    driver.plan(fault, n, MEM_OBJECT_ALLOCATION_FAILURE);
    rowsRunInHalves();
  }

  @ParameterizedTest
  @CsvSource({
    "COMMAND, 1",
    "COMMAND, 2",
    "COMMAND, 5",
    "COMMAND, 8",
    "LATE_COMMAND, 1",
    "LATE_COMMAND, 4",
    "LATE_COMMAND, 8"
  })
  void rowsThatMemoryIsMissingForAtACommandRunInHalves(Fault fault, int n) throws Exception {
    driver.plan(fault, n, OUT_OF_RESOURCES);
    rowsRunInHalves();
  }

  private void rowsRunInHalves() throws InterruptedException {
    Dataset<Row> there = scored(GPU);
    assertThat(there.collectAsList()).isEqualTo(expected);
    assertThat(driver.fired()).isTrue();
    assertThat(Evaluations.metric(there, "numDeviceRetries")).isEqualTo(1);
    assertThat(Evaluations.metric(there, "numMovedBatches")).isZero();
    assertThat(device.failure()).isNull();
    nothingIsLeft();
    device.close();
    assertThat(driver.live()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10, 30})
  void aLossFailsTheQueryAndLeavesNothing(int command) throws Exception {
    driver.plan(Fault.LOSS, command, OUT_OF_RESOURCES);
    assertThatThrownBy(() -> scored(GPU).collectAsList()).hasStackTraceContaining("[ONNX_DEVICE]");
    assertThat(device.failure().code()).isEqualTo(DeviceException.Code.LOST);
    awaitEndOfTasks();
    assertThat(figures().quarantine()).isPresent();
    nothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10, 30})
  void byPolicyTheQueryGoesOnOnTheCpuAfterALoss(int command) throws Exception {
    spark.conf().set(OnnxConf.DEVICE_FAILED, "cpu");
    driver.plan(Fault.LOSS, command, OUT_OF_RESOURCES);
    Dataset<Row> there = scored(GPU);
    assertThat(there.collectAsList()).isEqualTo(expected);
    assertThat(driver.fired()).isTrue();
    assertThat(Evaluations.metric(there, "numMovedBatches")).isPositive();
    nothingIsLeft();
  }

  @Test
  void aKernelThatHangsFailsTheQuery() throws Exception {
    useTimeout("300ms");
    driver.plan(Fault.HANG, 10, 0);
    assertThatThrownBy(() -> scored(GPU).collectAsList())
        .hasStackTraceContaining("[ONNX_DEVICE]")
        .hasStackTraceContaining("did not end in 300 ms");
    awaitEndOfTasks();
    await(DeviceQueries::onlyWeightsAreHeld);
    assertThat(figures().quarantine()).isPresent();
    TestOpenDevices.forget(device);
    assertThat(figures().heldBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10, 30})
  void byPolicyTheQueryGoesOnOnTheCpuWhenAKernelHangs(int command) throws Exception {
    useTimeout("300ms");
    spark.conf().set(OnnxConf.DEVICE_FAILED, "cpu");
    driver.plan(Fault.HANG, command, 0);
    Dataset<Row> there = scored(GPU);
    assertThat(there.collectAsList()).isEqualTo(expected);
    assertThat(driver.fired()).isTrue();
    assertThat(Evaluations.metric(there, "numMovedBatches")).isPositive();
    awaitEndOfTasks();
    await(DeviceQueries::onlyWeightsAreHeld);
    TestOpenDevices.forget(device);
    assertThat(figures().heldBytes()).isZero();
  }

  /** The best of a few times counts, since this machine may have other work. */
  @Test
  void theLeaseOfAKilledRunLivesUntilTheDeviceHasDoneWithItsBytes() throws Exception {
    scored(GPU).limit(1).collectAsList();
    long best = Long.MAX_VALUE;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      driver.plan(Fault.HANG, 10, 0);
      cancelWhen(spark, driver::fired, scored(GPU));
      long start = System.nanoTime();
      awaitEndOfTasks();
      best = Math.min(best, System.nanoTime() - start);
      assertThat(onlyWeightsAreHeld()).isFalse();
      assertThat(device.bytes()).isLessThanOrEqualTo(figures().heldBytes());
      driver.resume();
      await(DeviceQueries::onlyWeightsAreHeld);
      assertThat(scored(GPU).collectAsList()).isEqualTo(expected);
    }
    assertThat(best).isLessThan(TimeUnit.SECONDS.toNanos(1));
    nothingIsLeft();
  }

  @Test
  void whoWaitsForTheBytesOfAKilledRunGetsThemWhenItsWorkHasEnded() throws Exception {
    scored(GPU).limit(1).collectAsList();
    driver.plan(Fault.HANG, 10, 0);
    cancelWhen(spark, driver::fired, scored(GPU));
    awaitEndOfTasks();
    LeaseRequest all =
        LeaseRequest.of(device(), figures().budgetBytes() - figures().residentBytes(), 0);
    Future<Lease> lease = ForkJoinPool.commonPool().submit(() -> leases().acquire(all));
    await(() -> leases().waiting() == 1);
    assertThat(lease).isNotDone();
    driver.resume();
    lease.get(30, TimeUnit.SECONDS).close();
    nothingIsLeft();
  }

  @Test
  void workOfAKilledRunThatDoesNotEndPutsTheDeviceInQuarantine() throws Exception {
    useTimeout("2s");
    scored(GPU).limit(1).collectAsList();
    driver.plan(Fault.HANG, 10, 0);
    cancelWhen(spark, driver::fired, scored(GPU));
    awaitEndOfTasks();
    assertThat(onlyWeightsAreHeld()).isFalse();
    await(() -> figures().quarantine().isPresent());
    assertThat(figures().quarantine().get()).contains("broken off").contains("did not end");
    await(DeviceQueries::onlyWeightsAreHeld);
  }
}
