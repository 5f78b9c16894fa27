package io.sparkonnx.spark.score;

/**
 * Where the runs of a model took place.
 *
 * @param batches all of them
 * @param onDevice of these, those on a device
 * @param moved of these, those that went on on the CPU since the device failed or was full
 * @param device the device, where there were any on one; else null
 */
public record DeviceUse(long batches, long onDevice, long moved, String device) {

  /** For people, e.g. {@code cpu}. */
  public String places() {
    if (onDevice == 0) {
      return "cpu";
    }
    return onDevice == batches ? device : device + " and cpu";
  }
}
