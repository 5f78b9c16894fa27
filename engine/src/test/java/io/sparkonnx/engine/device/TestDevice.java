package io.sparkonnx.engine.device;

import org.junit.jupiter.api.Assumptions;

/** The OpenCL device of tests. */
public final class TestDevice {
  private TestDevice() {}

  /**
   * Opens the first device. Where there is none the test is aborted with the reason, or fails if
   * the system property {@code sparkonnx.opencl.required} is true.
   */
  public static Device open() {
    return open(new Driver());
  }

  static Device open(Driver driver) {
    String problem = Devices.find().problem();
    if (!Boolean.getBoolean("sparkonnx.opencl.required")) {
      Assumptions.assumeTrue(problem == null, () -> "no OpenCL device: " + problem);
    }
    return Devices.open("", driver);
  }
}
