package io.sparkonnx.gpu.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.gpu.GpuException.Code;
import io.sparkonnx.gpu.placement.DeviceDecision.Target;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where a query runs, and what is said of it. */
class DevicePolicyTest {
  private static final Optional<String> THERE = Optional.empty();
  private static final Optional<String> NONE = Optional.of("no OpenCL loader");

  /** Computes 100,000 rows/s on the CPU, and so many times more on the device. */
  private static DeviceCosts measured(double advantage) {
    return new DeviceCosts(1, 1e-5, 1, 100, 0, 0, 1, 1e-5 / advantage, 0);
  }

  private static DevicePolicy policy(DeviceSetting device, MissingDevice missing) {
    return new DevicePolicy(device, missing, FailedDevice.FAIL);
  }

  private static DevicePolicy auto() {
    return policy(DeviceSetting.AUTO, MissingDevice.FAIL);
  }

  @Test
  void theCpuIsUsedWhereItIsAskedForThoughADeviceIsFaster() {
    assertThat(
            policy(DeviceSetting.CPU, MissingDevice.FAIL)
                .decide(THERE, List.of(measured(9)))
                .text())
        .isEqualTo("cpu (asked for)");
  }

  @Test
  void theGpuIsUsedWhereItIsAskedForThoughItIsSlower() {
    assertThat(
            policy(DeviceSetting.GPU, MissingDevice.FAIL)
                .decide(THERE, List.of(measured(0.1)))
                .text())
        .isEqualTo("gpu (asked for)");
  }

  @Test
  void aMissingDeviceFailsTheQueryWhereThePolicySaysSo() {
    assertThatThrownBy(() -> policy(DeviceSetting.GPU, MissingDevice.FAIL).decide(NONE, List.of()))
        .hasMessage("a GPU is asked for and there is none: no OpenCL loader")
        .extracting("code")
        .isEqualTo(Code.NO_DEVICE);
  }

  @Test
  void aMissingDeviceIsWarnedOfWhereThePolicySaysSo() {
    DeviceDecision decision = policy(DeviceSetting.GPU, MissingDevice.WARN).decide(NONE, List.of());
    assertThat(decision.text())
        .isEqualTo("cpu (a GPU is asked for and there is none: no OpenCL loader)");
    assertThat(decision.warning()).isTrue();
  }

  @Test
  void aMissingDeviceIsNotWarnedOfWhereTheCpuWillDo() {
    DeviceDecision decision = policy(DeviceSetting.GPU, MissingDevice.CPU).decide(NONE, List.of());
    assertThat(decision.target()).contains(Target.CPU);
    assertThat(decision.warning()).isFalse();
  }

  @Test
  void autoIsUndecidedBeforeTheFirstExecution() {
    assertThat(auto().planned(Optional.empty()).text())
        .isEqualTo("undecided (auto: the first execution decides)");
  }

  @Test
  void autoWithoutMeasurementsIsTheCpu() {
    assertThat(auto().decide(THERE, List.of()).text())
        .isEqualTo("cpu (auto: nothing was measured yet)");
  }

  @ParameterizedTest
  @EnumSource(MissingDevice.class)
  void autoWithoutADeviceIsTheCpuWhateverThePolicy(MissingDevice missing) {
    assertThat(policy(DeviceSetting.AUTO, missing).decide(NONE, List.of()).text())
        .isEqualTo("cpu (auto: no device, no OpenCL loader)");
  }

  @Test
  void autoTakesTheFasterDeviceAndNamesTheFigures() {
    DeviceCosts costs = new DeviceCosts(4, 1e-4, 1, 256, 3000, 1000, 1e9, 2e-6, 0.000256);
    assertThat(auto().decide(THERE, List.of(costs)).text())
        .isEqualTo(
            "gpu (auto: gpu 200,000 rows/s (4.0 µs transfer, 2.0 µs compute a row), cpu 40,000"
                + " rows/s)");
  }

  @Test
  void autoStaysOnTheCpuForAnAdvantageWithinTheNoise() {
    assertThat(auto().decide(THERE, List.of(measured(1.09))).target()).contains(Target.CPU);
  }

  @Test
  void autoLeavesTheCpuForMoreThanTheNoise() {
    assertThat(auto().decide(THERE, List.of(measured(1.11))).target()).contains(Target.GPU);
  }

  @Test
  void autoAddsUpWhatExecutorsReport() {
    assertThat(auto().decide(THERE, List.of(measured(0.5), measured(3))).text())
        .contains("gpu 350,000 rows/s", "cpu 200,000 rows/s");
  }

  @Test
  void aFailedDeviceFailsTheTask() {
    assertThat(policy(DeviceSetting.GPU, MissingDevice.CPU).afterFailure("lost")).isEmpty();
  }

  @Test
  void aFailedDeviceIsReplacedByTheCpuWithAWarningThatBitsMayDiffer() {
    DeviceDecision decision =
        new DevicePolicy(DeviceSetting.GPU, MissingDevice.FAIL, FailedDevice.CPU)
            .afterFailure("kernel hung")
            .orElseThrow();
    assertThat(decision.text())
        .isEqualTo(
            "cpu (the device failed, kernel hung; results of this query may differ in their last"
                + " bits)");
    assertThat(decision.warning()).isTrue();
  }

  @Test
  void settingsAreReadInAnyCase() {
    assertThat(DeviceSetting.parse(" Auto")).isEqualTo(DeviceSetting.AUTO);
  }

  @Test
  void anUnknownSettingNamesThoseThatExist() {
    assertThatThrownBy(() -> MissingDevice.parse("ignore"))
        .hasMessage("missing device: expected one of fail, warn, cpu, not 'ignore'")
        .extracting("code")
        .isEqualTo(Code.INVALID_SETTING);
  }
}
