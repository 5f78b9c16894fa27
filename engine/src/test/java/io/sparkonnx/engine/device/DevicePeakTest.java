package io.sparkonnx.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Peaks against those that vendors publish for their cards. */
class DevicePeakTest {
  @ParameterizedTest
  @CsvSource({
    "GeForce GTX 980, 5, 2, 16, 1216, 4981",
    "Tesla P100 SXM2, 6, 0, 56, 1480, 10600",
    "GeForce GTX 1080, 6, 1, 20, 1733, 8873",
    "Tesla V100 SXM2, 7, 0, 80, 1530, 15700",
    "Tesla T4, 7, 5, 40, 1590, 8100",
    "A100, 8, 0, 108, 1410, 19500",
    "GeForce RTX 3090, 8, 6, 82, 1695, 35580",
    "GeForce RTX 4090, 8, 9, 128, 2520, 82580",
    "H100 SXM, 9, 0, 132, 1980, 66900"
  })
  void cardsOfNvidia(
      String name, int major, int minor, int units, int megahertz, double published) {
    DevicePeak peak = new DevicePeak(units, megahertz, DevicePeak.nvidiaLanes(major, minor));
    assertThat(peak.gigaFlops()).as(name).isPresent();
    assertThat(peak.gigaFlops().getAsDouble()).as(name).isCloseTo(published, within(50.0));
  }

  @ParameterizedTest
  @CsvSource({
    "Instinct MI100, 4, 16, 120, 1502, 23100",
    "Radeon RX 6900 XT by workgroup processors, 4, 32, 40, 2250, 23040",
    "Radeon VII of a driver that does not tell, 0, 0, 60, 1750, 13440"
  })
  void cardsOfAmd(String name, int simds, int width, int units, int megahertz, double published) {
    DevicePeak peak = new DevicePeak(units, megahertz, DevicePeak.amdLanes(simds, width));
    assertThat(peak.gigaFlops().getAsDouble()).as(name).isCloseTo(published, within(50.0));
  }

  @Test
  void aComputeCapabilityThatIsNotKnownHasNoPeak() {
    assertThat(DevicePeak.nvidiaLanes(99, 0)).isZero();
    assertThat(new DevicePeak(100, 2000, 0).gigaFlops()).isEmpty();
  }

  @Test
  void aClockThatIsNotToldGivesNoPeak() {
    assertThat(new DevicePeak(100, 0, 64).gigaFlops()).isEmpty();
  }

  @Test
  void anOpenDeviceHasThePeakOfItsFacts() {
    try (Device device = TestDevice.open()) {
      DevicePeak peak = DevicePeak.of(device.info());
      assertThat(peak.units()).isEqualTo(device.info().computeUnits());
      assertThat(peak.megahertz()).isPositive();
    }
  }
}
