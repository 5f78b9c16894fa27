package io.sparkonnx.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is found where OpenCL is missing or broken. */
class DevicesTest {
  @Test
  void aMissingLoaderIsAResultThatSaysWhatToInstall() {
    Devices.Found found =
        Devices.find(
            () -> {
              throw new UnsatisfiedLinkError("libOpenCL.so.1: cannot open\nmore");
            });
    assertThat(found.devices()).isEmpty();
    assertThat(found.problem())
        .startsWith("OpenCL cannot be loaded: libOpenCL.so.1: cannot open; install ")
        .contains("ocl-icd-libopencl1")
        .hasLineCount(1);
  }

  @Test
  void aSecondCallAfterAFailedLoadIsTheSameResult() {
    Devices.Found found =
        Devices.find(
            () -> {
              throw new NoClassDefFoundError("Could not initialize class org.jocl.CL");
            });
    assertThat(found.problem()).startsWith("OpenCL cannot be loaded: ");
  }

  @Test
  void aLoaderWithoutDriversIsAResult() {
    Devices.Found found =
        Devices.find(
            () -> {
              throw new DeviceException(DeviceException.Code.FAILED, "list of platforms", -1001);
            });
    assertThat(found.problem()).startsWith("OpenCL finds no driver; install ");
  }

  @Test
  void aBrokenDriverIsAResultWithItsMessage() {
    Devices.Found found =
        Devices.find(
            () -> {
              throw new DeviceException(DeviceException.Code.FAILED, "list of devices: -6", -6);
            });
    assertThat(found.problem()).startsWith("OpenCL fails: list of devices: -6; install ");
  }

  @Test
  void noDeviceIsAResult() {
    assertThat(Devices.find(List::of).problem()).startsWith("OpenCL lists no device; ");
  }

  @Test
  void aPciAddressIsWrittenAsTheSystemWritesIt() {
    assertThat(DeviceQuery.pci(0, 0x65, 0, 0)).isEqualTo("pci:0000:65:00.0");
    assertThat(DeviceQuery.pci(1, 0xaf, 0x1f, 7)).isEqualTo("pci:0001:af:1f.7");
  }
}
