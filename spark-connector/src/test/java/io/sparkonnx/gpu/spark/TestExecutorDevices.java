package io.sparkonnx.gpu.spark;

import io.sparkonnx.engine.device.Devices;
import io.sparkonnx.gpu.DeviceLeases;
import io.sparkonnx.gpu.FoundDevices;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.Assumptions;

/** The devices of this JVM's session, with budgets that tests choose. */
public final class TestExecutorDevices {
  private TestExecutorDevices() {}

  /**
   * Ends the test where there is no device, with a failure if the system property {@code
   * sparkonnx.opencl.required} is true.
   */
  public static void require() {
    if (!Boolean.getBoolean("sparkonnx.opencl.required")) {
      String problem = Devices.find().problem();
      Assumptions.assumeTrue(problem == null, () -> "no device: " + problem);
    }
  }

  /** Has tasks look for devices again, with so many bytes of each; null for all they have. */
  public static void useMemory(String bytes) {
    SparkConf conf = SparkEnv.get().conf();
    if (bytes == null) {
      conf.remove(GpuSettings.MEMORY);
    } else {
      conf.set(GpuSettings.MEMORY, bytes);
    }
    ExecutorDevices.set(null);
  }

  /** Has tasks find no device. */
  public static void useNone(String problem) {
    DeviceClaim none =
        new DeviceClaim(
            new FoundDevices(List.of(), Optional.of(problem)),
            List.of(),
            List.of(),
            Optional.of(problem));
    ExecutorDevices.set(new ExecutorDevices(none, new DeviceLeases(List.of()), null));
  }
}
