package io.sparkonnx.gpu.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import io.sparkonnx.gpu.DeviceLeases;
import io.sparkonnx.gpu.GpuException;
import io.sparkonnx.gpu.Lease;
import io.sparkonnx.gpu.LeaseRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The plugin in a real application of local mode. */
@Timeout(120)
class OnnxGpuPluginTest {
  private static SparkConf local() {
    return new SparkConf(false)
        .setMaster("local[2]")
        .setAppName("gpu")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.plugins", OnnxGpuPlugin.class.getName())
        .set("spark.onnx.gpu.share", "0.5");
  }

  private static Set<String> gauges() {
    return SparkEnv.get()
        .metricsSystem()
        .getSourcesByName("plugin." + OnnxGpuPlugin.class.getName())
        .toList()
        .head()
        .metricRegistry()
        .getGauges()
        .keySet();
  }

  @Test
  void tasksTakeLeasesOfTheirExecutor() {
    try (JavaSparkContext spark = new JavaSparkContext(local())) {
      List<Long> bytes =
          spark
              .parallelize(List.of(1, 2, 3, 4, 5, 6, 7, 8), 8)
              .map(
                  row -> {
                    DeviceLeases leases = ExecutorDevices.current().leases();
                    long attempt = TaskContext.get().taskAttemptId();
                    assertThat(GpuAddresses.of(TaskContext.get())).isEmpty();
                    try (Lease lease =
                        leases.acquire(
                            LeaseRequest.of("pci:0000:65:00.0", 5_000_000_000L, attempt))) {
                      return lease.bytes();
                    }
                  })
              .collect();
      assertThat(bytes).hasSize(8).containsOnly(5_000_000_000L);
      assertThat(ExecutorDevices.current().leases().figures("pci:0000:65:00.0"))
          .hasFieldOrPropertyWithValue("granted", 8L)
          .hasFieldOrPropertyWithValue("heldBytes", 0L)
          .hasFieldOrPropertyWithValue("budgetBytes", 8_000_000_000L);
    }
  }

  @Test
  void figuresOfEachDeviceAreMetrics() {
    try (JavaSparkContext spark = new JavaSparkContext(local())) {
      assertThat(spark.isLocal()).isTrue();
      assertThat(gauges())
          .isEqualTo(
              List.of("pci:0000:65:00.0", "pci:0000:66:00.0").stream()
                  .flatMap(
                      device ->
                          List.of(
                                  "budgetBytes",
                                  "heldBytes",
                                  "residentBytes",
                                  "peakBytes",
                                  "waiting",
                                  "granted",
                                  "waitedNanos",
                                  "retries",
                                  "quarantined")
                              .stream()
                              .map(name -> MetricRegistry.name(device, name)))
                  .collect(Collectors.toSet()));
    }
  }

  @Test
  void theEndOfTheApplicationEndsItsLeases() {
    DeviceLeases leases;
    try (JavaSparkContext spark = new JavaSparkContext(local())) {
      assertThat(spark.isLocal()).isTrue();
      leases = ExecutorDevices.current().leases();
    }
    assertThatThrownBy(() -> leases.acquire(LeaseRequest.of("pci:0000:65:00.0", 1, 1)))
        .hasMessage("no leases any more: the executor ends");
  }

  @Test
  void aDeviceThatCannotBeOpenedIsInQuarantine() {
    FakeDevices.broken = true;
    try (JavaSparkContext spark = new JavaSparkContext(local())) {
      assertThat(spark.isLocal()).isTrue();
      assertThat(ExecutorDevices.current().leases().figures("pci:0000:66:00.0").quarantine())
          .contains("it cannot be opened: the driver does not compile");
    } finally {
      FakeDevices.broken = false;
    }
  }

  @Test
  void theDriverKnowsTheDevicesOfExecutors() {
    try (JavaSparkContext spark = new JavaSparkContext(local())) {
      ExecutorReports reports = ExecutorReports.of(spark.sc()).orElseThrow();
      assertThat(reports.devices()).containsExactly("pci:0000:65:00.0", "pci:0000:66:00.0");
      assertThat(reports.unavailable()).isEmpty();
    }
  }

  @Test
  void withoutThePluginDevicesAreFoundWhenATaskAsks() {
    SparkConf conf = local().remove("spark.plugins");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      assertThat(ExecutorReports.of(spark.sc())).isEmpty();
      assertThat(ExecutorDevices.current().leases().budgets())
          .extracting(budget -> budget.device() + " " + budget.bytes())
          .containsExactly("pci:0000:65:00.0 8000000000", "pci:0000:66:00.0 4000000000");
    }
  }

  @Test
  void gpusOfTasksInLocalModeFailTheStartInsteadOfHanging() {
    SparkConf conf =
        local()
            .set("spark.task.resource.gpu.amount", "1")
            .set("spark.executor.resource.gpu.amount", "1");
    assertThatThrownBy(() -> new JavaSparkContext(conf).close())
        .isInstanceOf(GpuException.class)
        .hasMessageStartingWith("spark.task.resource.gpu.amount is set with the master local[2]");
  }
}
