package io.sparkonnx.gpu.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sparkonnx.gpu.GpuException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows per second from what an executor measured. */
class DeviceCostsTest {
  @Test
  void tasksOnTheCpuAddUp() {
    assertThat(new DeviceCosts(8, 1e-3, 1, 1, 1, 1, 1, 1, 1).cpuRowsPerSecond())
        .isCloseTo(8000, within(1e-6));
  }

  @Test
  void tasksOnADeviceShareIt() {
    assertThat(new DeviceCosts(8, 1, 1, 1, 0, 0, 1, 1e-3, 0).deviceRowsPerSecond())
        .isCloseTo(1000, within(1e-6));
  }

  @Test
  void devicesAddUp() {
    assertThat(new DeviceCosts(8, 1, 2, 1, 0, 0, 1, 1e-3, 0).deviceRowsPerSecond())
        .isCloseTo(2000, within(1e-6));
  }

  @Test
  void transfersShorterThanComputingAreHidden() {
    assertThat(new DeviceCosts(1, 1, 1, 1, 400, 500, 1e6, 1e-3, 0).deviceRowsPerSecond())
        .isCloseTo(1000, within(1e-6));
  }

  @Test
  void transfersLongerThanComputingDecide() {
    assertThat(new DeviceCosts(1, 1, 1, 1, 1500, 500, 1e6, 1e-3, 0).deviceRowsPerSecond())
        .isCloseTo(500, within(1e-6));
  }

  @Test
  void launchesAreSpreadOverTheRowsOfABatch() {
    assertThat(new DeviceCosts(1, 1, 1, 10, 0, 0, 1, 1e-3, 1e-2).deviceRowsPerSecond())
        .isCloseTo(500, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aTimeOnTheCpuThatIsNoTimeIsRefused(double seconds) {
    assertThatThrownBy(() -> new DeviceCosts(1, seconds, 1, 1, 1, 1, 1, 1, 1))
        .hasMessage("CPU seconds per row: expected a number over 0, not " + seconds)
        .extracting("code")
        .isEqualTo(Code.INVALID_MEASUREMENT);
  }

  @Test
  void aDeviceThatTakesNoTimeAtAllIsRefused() {
    assertThatThrownBy(() -> new DeviceCosts(1, 1, 1, 1, 0, 0, 1, 0, 0))
        .hasMessage("seconds per row on the device: expected a number over 0, not 0.0");
  }

  @Test
  void anExecutorWithoutTasksIsRefused() {
    assertThatThrownBy(() -> new DeviceCosts(0, 1, 1, 1, 1, 1, 1, 1, 1))
        .hasMessage("tasks: expected a number over 0, not 0.0");
  }
}
