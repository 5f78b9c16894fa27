package io.sparkonnx.gpu.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.gpu.DeviceBudget;
import io.sparkonnx.gpu.DeviceLeases;
import io.sparkonnx.gpu.FoundDevice;
import io.sparkonnx.gpu.FoundDevices;
import io.sparkonnx.gpu.GpuException.Code;
import io.sparkonnx.gpu.TaskDevice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.resource.ResourceID;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.resource.ResourceRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What settings and Spark's resources mean, without Spark running. */
class GpuSettingsTest {
  private static final String TASK_AMOUNT = "spark.task.resource.gpu.amount";
  private static final List<FoundDevice> FOUND = List.of(FakeDevices.FIRST, FakeDevices.SECOND);

  private final SparkConf conf = new SparkConf(false);

  @Test
  void theWholeDeviceIsUsedWhereNothingIsSet() {
    assertThat(GpuSettings.of(conf).budget(FakeDevices.FIRST).bytes()).isEqualTo(16_000_000_000L);
  }

  @Test
  void aShareLessTheReserveIsUsed() {
    conf.set("spark.onnx.gpu.share", "0.5").set("spark.onnx.gpu.reserve", "1000000b");
    assertThat(GpuSettings.of(conf).budget(FakeDevices.FIRST).bytes()).isEqualTo(7_999_000_000L);
  }

  @Test
  void aSizeLessTheReserveIsUsed() {
    conf.set("spark.onnx.gpu.memory", "1g").set("spark.onnx.gpu.reserve", "24m");
    DeviceBudget budget = GpuSettings.of(conf).budget(FakeDevices.FIRST);
    assertThat(budget.bytes()).isEqualTo(1000L << 20);
  }

  @Test
  void shareAndSizeTogetherAreRefused() {
    conf.set("spark.onnx.gpu.share", "0.5").set("spark.onnx.gpu.memory", "1g");
    assertThatThrownBy(() -> GpuSettings.of(conf))
        .hasMessage(
            "spark.onnx.gpu.share and spark.onnx.gpu.memory are both set; one of them is wanted")
        .extracting("code")
        .isEqualTo(Code.INVALID_SETTING);
  }

  @ParameterizedTest
  @CsvSource({
    "spark.onnx.gpu.share, 2, shares are over 0 and at most 1",
    "spark.onnx.gpu.share, NaN, shares are over 0 and at most 1",
    "spark.onnx.gpu.memory, 0, of which spark.onnx.gpu.reserve keeps 0 free"
  })
  void aValueThatNoDeviceFulfilsIsRefusedOnTheDriver(String key, String value, String message) {
    conf.set(key, value);
    assertThatThrownBy(() -> GpuSettings.check("spark://master:7077", conf))
        .hasMessageContaining(key)
        .hasMessageContaining(message)
        .extracting("code")
        .isEqualTo(Code.INVALID_SETTING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"spark.onnx.gpu.share", "spark.onnx.gpu.memory", "spark.onnx.gpu.reserve"})
  void aValueThatCannotBeReadIsNamed(String key) {
    conf.set(key, "plenty");
    assertThatThrownBy(() -> GpuSettings.of(conf))
        .hasMessageContaining(key)
        .hasMessageContaining("plenty")
        .extracting("code")
        .isEqualTo(Code.INVALID_SETTING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "local[4]", "local[*]", "local[2,3]"})
  void gpusOfTasksInLocalModeAreRefused(String master) {
    conf.set(TASK_AMOUNT, "1");
    assertThatThrownBy(() -> GpuSettings.check(master, conf))
        .hasMessage(
            "spark.task.resource.gpu.amount is set with the master %s, where Spark gives no"
                + " resources and its tasks would wait for ever: leave it out, devices are found"
                + " without it",
            master)
        .extracting("code")
        .isEqualTo(Code.INVALID_SETTING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"spark://host:7077", "local-cluster[1,1,1024]", "yarn", "k8s://https://h"})
  void gpusOfTasksOnAClusterAreWelcome(String master) {
    conf.set(TASK_AMOUNT, "1");
    assertThatCode(() -> GpuSettings.check(master, conf)).doesNotThrowAnyException();
  }

  @Test
  void noAddressesAreAllDevices() {
    assertThat(GpuAddresses.select(GpuAddresses.of(Map.of()), FOUND)).isEqualTo(FOUND);
  }

  @Test
  void anAddressIsADevicesName() {
    assertThat(GpuAddresses.select(List.of("pci:0000:66:00.0"), FOUND))
        .containsExactly(FakeDevices.SECOND);
  }

  @Test
  void anAddressIsADevicesNumber() {
    Map<String, ResourceInformation> resources =
        Map.of("gpu", new ResourceInformation("gpu", new String[] {"1"}));
    assertThat(GpuAddresses.select(GpuAddresses.of(resources), FOUND))
        .containsExactly(FakeDevices.SECOND);
  }

  @Test
  void aDeviceThatIsGivenTwiceIsOne() {
    assertThat(GpuAddresses.select(List.of("0", "pci:0000:65:00.0"), FOUND))
        .containsExactly(FakeDevices.FIRST);
  }

  @Test
  void anUnknownAddressNamesTheDevices() {
    assertThatThrownBy(() -> GpuAddresses.select(List.of("2"), FOUND))
        .hasMessage(
            "Spark gave the GPU address '2', but the devices are [pci:0000:65:00.0,"
                + " pci:0000:66:00.0] and their numbers from 0")
        .extracting("code")
        .isEqualTo(Code.UNKNOWN_DEVICE);
  }

  @Test
  void discoveryTellsTheNamesOfGpus() {
    assertThat(new GpuDiscovery().discoverResource(request("gpu"), conf).orElseThrow().addresses())
        .containsExactly("pci:0000:65:00.0", "pci:0000:66:00.0");
  }

  @Test
  void discoveryLeavesOtherResourcesToOthers() {
    assertThat(new GpuDiscovery().discoverResource(request("fpga"), conf)).isEmpty();
  }

  private static ResourceRequest request(String resource) {
    return new ResourceRequest(
        new ResourceID("spark.executor", resource), 1, Optional.empty(), Optional.empty());
  }

  @Test
  void theLogLineNamesDevicesBytesAndSource() {
    assertThat(
            GpuExecutorPlugin.line(
                "7", List.of("0"), DeviceClaim.of(FakeDevices.BOTH, List.of("0"), settings(0.25))))
        .isEqualTo(
            "Executor 7: pci:0000:65:00.0 Fake 100 (4,000,000,000 of 16,000,000,000 bytes), Spark's"
                + " GPU addresses [0]");
  }

  @Test
  void theLogLineSaysThatThereIsNoDevice() {
    FoundDevices none = new FoundDevices(List.of(), Optional.of("OpenCL lists no device"));
    assertThat(GpuExecutorPlugin.line("7", List.of(), DeviceClaim.of(none, List.of(), settings(1))))
        .isEqualTo("Executor 7: no device, OpenCL lists no device");
  }

  @Test
  void anAddressThatMeansNoDeviceLeavesTheExecutorWithoutOne() {
    DeviceClaim claim = DeviceClaim.of(FakeDevices.BOTH, List.of("2"), settings(1));
    assertThat(claim.budgets()).isEmpty();
    assertThat(claim.problem().orElseThrow()).startsWith("Spark gave the GPU address '2', but");
  }

  @Test
  void aBudgetLargerThanTheDeviceLeavesTheExecutorWithoutOne() {
    conf.set("spark.onnx.gpu.memory", "10g");
    DeviceClaim claim = DeviceClaim.of(FakeDevices.BOTH, List.of("1"), GpuSettings.of(conf));
    assertThat(claim.problem())
        .contains(
            "device 'pci:0000:66:00.0': a budget of 10,737,418,240 bytes, but the device has"
                + " 8,000,000,000 bytes");
  }

  private static ExecutorReport report(String executor, String host, double share) {
    return new ExecutorReport(
        executor, host, List.of(DeviceBudget.ofShare("d", 1000, share, 0)), null);
  }

  @Test
  void executorsOfOneMachineMayNotClaimMoreThanADeviceHas() {
    ExecutorReports reports = new ExecutorReports();
    assertThat(reports.add(report("1", "a", 0.6), executor -> true)).isNull();
    assertThat(reports.add(report("2", "b", 0.6), executor -> true)).isNull();
    assertThat(reports.add(report("3", "a", 0.6), executor -> true))
        .isEqualTo(
            "the executors of a claim too much: device 'd': budgets that add up to 1,200 bytes, but"
                + " the device has 1,000 bytes");
  }

  @Test
  void anExecutorThatIsGoneClaimsNothing() {
    ExecutorReports reports = new ExecutorReports();
    reports.add(report("1", "a", 0.6), executor -> true);
    reports.remove("1");
    assertThat(reports.add(report("2", "a", 0.6), executor -> true)).isNull();
  }

  @Test
  void anExecutorThatDiedWithoutBeingHeardOfClaimsNothing() {
    ExecutorReports reports = new ExecutorReports();
    reports.add(report("1", "a", 0.6), executor -> true);
    assertThat(reports.add(report("2", "a", 0.6), executor -> !executor.equals("1"))).isNull();
  }

  @Test
  void tasksSpreadOverTheDevices() {
    ExecutorDevices devices = devices();
    TaskDevice first = devices.take(List.of());
    assertThat(first.name()).isEqualTo("pci:0000:65:00.0");
    assertThat(devices.take(List.of()).name()).isEqualTo("pci:0000:66:00.0");
    first.close();
    first.close();
    assertThat(devices.take(List.of()).name()).isEqualTo("pci:0000:65:00.0");
    assertThat(devices.take(List.of()).name()).isEqualTo("pci:0000:65:00.0");
  }

  @Test
  void aTaskGetsTheDeviceOfItsAddress() {
    assertThat(devices().take(List.of("1")).name()).isEqualTo("pci:0000:66:00.0");
  }

  @Test
  void aDeviceInQuarantineIsNotTaken() {
    ExecutorDevices devices = devices();
    devices.leases().quarantine("pci:0000:65:00.0", "test");
    assertThat(devices.take(List.of()).name()).isEqualTo("pci:0000:66:00.0");
    assertThat(devices.take(List.of()).name()).isEqualTo("pci:0000:66:00.0");
    assertThatThrownBy(() -> devices.take(List.of("0")))
        .hasMessage("'pci:0000:65:00.0' failed (test)")
        .extracting("code")
        .isEqualTo(Code.QUARANTINED);
  }

  private ExecutorDevices devices() {
    DeviceClaim claim = DeviceClaim.of(FakeDevices.BOTH, List.of(), settings(1));
    return new ExecutorDevices(claim, new DeviceLeases(claim.budgets()), null);
  }

  private GpuSettings settings(double share) {
    conf.set("spark.onnx.gpu.share", Double.toString(share));
    return GpuSettings.of(conf);
  }
}
