package io.sparkonnx.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparkonnx.gpu.GpuException.Code;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a JVM may use of a device. */
class DeviceBudgetTest {
  @Test
  void theReserveStaysFree() {
    assertThat(DeviceBudget.ofShare("d", 1000, 1, 100).bytes()).isEqualTo(900);
  }

  @Test
  void aShareIsAPartOfTheDevice() {
    assertThat(DeviceBudget.ofShare("d", 1001, 0.25, 50).bytes()).isEqualTo(200);
  }

  @Test
  void theWholeDeviceIsExactBeyondTheDigitsOfADouble() {
    long bytes = (1L << 53) + 1;
    assertThat(DeviceBudget.ofShare("d", bytes, 1, 0).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.0001, Double.NaN, Double.POSITIVE_INFINITY})
  void aShareOutsideItsRangeIsRefused(double share) {
    assertThatThrownBy(() -> DeviceBudget.ofShare("d", 1000, share, 0))
        .hasMessage("device 'd': a share of %s, but shares are over 0 and at most 1", share)
        .extracting("code")
        .isEqualTo(Code.INVALID_BUDGET);
  }

  @Test
  void aBudgetLargerThanTheDeviceNamesBoth() {
    assertThatThrownBy(() -> DeviceBudget.ofBytes("d", 1000, 1001, 0))
        .hasMessage("device 'd': a budget of 1,001 bytes, but the device has 1,000 bytes")
        .extracting("code")
        .isEqualTo(Code.INVALID_BUDGET);
  }

  @Test
  void aReserveThatLeavesNothingNamesBoth() {
    assertThatThrownBy(() -> DeviceBudget.ofShare("d", 1000, 0.5, 500))
        .hasMessage("device 'd': a reserve of 500 bytes leaves nothing of 500 bytes");
  }

  @Test
  void sharesOfOneDeviceMayAddUpToIt() {
    DeviceBudget third = DeviceBudget.ofShare("d", 1000, 1.0 / 3, 0);
    assertThatCode(() -> DeviceBudget.checkTogether(List.of(third, third, third)))
        .doesNotThrowAnyException();
  }

  @Test
  void sharesThatAddUpToMoreThanTheDeviceAreRefusedWhateverTheirReserves() {
    DeviceBudget most = DeviceBudget.ofShare("d", 1000, 0.6, 300);
    assertThatThrownBy(() -> DeviceBudget.checkTogether(List.of(most, most)))
        .hasMessage(
            "device 'd': budgets that add up to 1,200 bytes, but the device has 1,000 bytes")
        .extracting("code")
        .isEqualTo(Code.INVALID_BUDGET);
  }

  @Test
  void sharesOfDifferentDevicesDoNotAddUp() {
    assertThatCode(
            () ->
                DeviceBudget.checkTogether(
                    List.of(
                        DeviceBudget.ofShare("d", 1000, 0.6, 0),
                        DeviceBudget.ofShare("e", 1000, 0.6, 0))))
        .doesNotThrowAnyException();
  }
}
